using System.Diagnostics.CodeAnalysis;
using Personalize.Fhir.Schema;
using Personalize.Store;

namespace Personalize.Server.Smart;

/// <summary>Whose rights a scope borrows.</summary>
public enum ScopeLevel
{
    /// <summary>What belongs to the patient of the launch.</summary>
    Patient,
    /// <summary>What the signed-in person may do.</summary>
    User,
}

/// <summary>One scope about resources, such as <c>patient/Observation.rs</c> or <c>user/*.read</c>.</summary>
/// <remarks>Source: SMART App Launch 2.2, Scopes. Constraints (<c>?category=...</c>) are not offered yet and do not parse.</remarks>
public sealed record ResourceScope
{
    private ResourceScope(ScopeLevel level, string type, Rights rights, string text) => (Level, Type, Rights, Text) = (level, type, rights, text);

    /// <summary>Whose rights it borrows.</summary>
    public ScopeLevel Level { get; }

    /// <summary>The resource type, or <c>*</c>.</summary>
    public string Type { get; }

    /// <summary>What it allows.</summary>
    public Rights Rights { get; }

    /// <summary>The scope as it was asked for; it is given back in this form.</summary>
    public string Text { get; }

    /// <summary>Reads a scope of version 1 or 2; false for another level, a type that R4 does not have, letters out of order, and constraints.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResourceScope? scope)
    {
        scope = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (slash < 0 || dot < slash || LevelOf(text[..slash]) is not { } level)
            return false;
        var type = text[(slash + 1)..dot];
        if (IsType(type) && RightsOf(text[(dot + 1)..]) is { } rights)
            scope = new ResourceScope(level, type, rights, text);
        return scope is not null;
    }

    /// <summary>True when everything that the other scope allows is allowed by this one too.</summary>
    public bool Covers(ResourceScope other) =>
        Level == other.Level && (Type == "*" || Type == other.Type) && (Rights & other.Rights) == other.Rights;

    private static ScopeLevel? LevelOf(string text) => text switch
    {
        "patient" => ScopeLevel.Patient,
        "user" => ScopeLevel.User,
        _ => null,
    };

    private static bool IsType(string text) => text == "*" || FhirSchema.R4.Type(text) is { IsResource: true, IsAbstract: false };

    private static Rights? RightsOf(string text) => text switch
    {
        "read" => Rights.Read | Rights.Search,
        "write" => Rights.Create | Rights.Update | Rights.Delete,
        "*" => Rights.All,
        _ => Letters(text),
    };

    // Each letter at most once and in the order c, r, u, d, s.
    private static Rights? Letters(string text)
    {
        var rights = Rights.None;
        var next = 0;
        foreach (var letter in text)
        {
            var at = "cruds".IndexOf(letter, next);
            if (at < 0)
                return null;
            rights |= (Rights)(1 << at);
            next = at + 1;
        }
        return rights == Rights.None ? null : rights;
    }
}
