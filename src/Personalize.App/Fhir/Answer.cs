using System.Diagnostics.CodeAnalysis;

namespace Personalize.App.Fhir;

/// <summary>Why a FHIR server's answer is of no use: a closed set that pages have words for.</summary>
public enum Trouble
{
    /// <summary>No answer, an answer too late, or a fault on its side.</summary>
    Unreachable,
    /// <summary>The token does not hold any more and could not be renewed.</summary>
    Ended,
    /// <summary>The token does not reach so far (403).</summary>
    Denied,
    /// <summary>There is no such resource (404, 410).</summary>
    Missing,
    /// <summary>Somebody else changed it in between (409, 412).</summary>
    Changed,
    /// <summary>The server does not take it (any other 4xx).</summary>
    Refused,
    /// <summary>What came is not FHIR JSON of the type that was asked for.</summary>
    Unreadable,
}

/// <summary>What a FHIR server answered: a value, or trouble.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed record Answer<T>
    where T : class
{
    private Answer(T? value, Trouble? trouble) => (Value, Trouble) = (value, trouble);

    /// <summary>The value; null when there is trouble.</summary>
    public T? Value { get; }

    /// <summary>What went wrong, or null.</summary>
    public Trouble? Trouble { get; }

    /// <summary>True when every part of the body was understood, so that writing it back loses nothing.</summary>
    public bool Whole { get; init; } = true;

    /// <summary>Gives the value, or the trouble and false.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Trouble? trouble)
    {
        (value, trouble) = (Value, Trouble);
        return value is not null;
    }

    /// <summary>Changes the value; trouble passes through.</summary>
    public Answer<TNext> Select<TNext>(Func<T, TNext> change)
        where TNext : class => Value is null ? new Answer<TNext>(null, Trouble) : new Answer<TNext>(change(Value), null) { Whole = Whole };

    /// <summary>A value is an answer.</summary>
    public static implicit operator Answer<T>(T value) => new(value, null);

    /// <summary>Trouble is an answer.</summary>
    public static implicit operator Answer<T>(Trouble trouble) => new(null, trouble);
}
