using System.Diagnostics.CodeAnalysis;

namespace Personalize.Fhir.Primitives;

/// <summary>A value or a <see cref="Primitives.Failure"/>: what a function answers when trouble is to be expected.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    private Outcome(T? value, Failure? failure) => (_value, Failure) = (value, failure);

    /// <summary>What went wrong, or null.</summary>
    public Failure? Failure { get; }

    /// <summary>The value; an <see cref="InvalidOperationException"/> when there is a failure (a bug of the caller).</summary>
    public T Value => Failure is null ? _value! : throw new InvalidOperationException($"There is no value but a failure: {Failure.GetType().Name}.");

    /// <summary>Gives the value, or the failure and false.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Failure? failure)
    {
        (value, failure) = (_value, Failure);
        return failure is null;
    }

    /// <summary>Goes on with the value; a failure passes through.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next)
        where TNext : notnull => Failure is null ? next(_value!) : Failure;

    /// <summary>Changes the value; a failure passes through.</summary>
    public Outcome<TNext> Select<TNext>(Func<T, TNext> change)
        where TNext : notnull => Failure is null ? change(_value!) : Failure;

    /// <summary>A value is an outcome.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A failure is an outcome.</summary>
    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
