using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Personalize.Fhir.Search;

/// <summary>A modifier of a search parameter. Source: FHIR R4, Search, Modifiers.</summary>
public enum SearchModifier
{
    /// <summary>None.</summary>
    None,
    /// <summary><c>:missing</c>.</summary>
    Missing,
    /// <summary><c>:exact</c>: case and accents count, the whole string.</summary>
    Exact,
    /// <summary><c>:contains</c>: anywhere in the string.</summary>
    Contains,
    /// <summary><c>:not</c>: none of the resource's codes is among the values.</summary>
    Not,
    /// <summary><c>:identifier</c> on a reference.</summary>
    Identifier,
    /// <summary><c>:below</c> on a uri: the value is a prefix; on a token: the code or one under it.</summary>
    Below,
    /// <summary><c>:above</c> on a token: the code or one over it; on a uri: one that the value begins with, whole segments.</summary>
    Above,
    /// <summary><c>:in</c> on a token: a code of the value set.</summary>
    In,
    /// <summary><c>:not-in</c> on a token: none of the resource's codes is one of the value set.</summary>
    NotIn,
    /// <summary><c>:text</c> on a token: what people read begins so.</summary>
    Text,
    /// <summary><c>:of-type</c> on an identifier: a value that has a code of its type.</summary>
    OfType,
}

/// <summary>How a value is compared. Source: FHIR R4, Search, Prefixes.</summary>
public enum SearchPrefix
{
    /// <summary>Equal: the range of the parameter holds the range of the value.</summary>
    Eq,
    /// <summary>Not equal.</summary>
    Ne,
    /// <summary>Greater.</summary>
    Gt,
    /// <summary>Less.</summary>
    Lt,
    /// <summary>Greater or equal.</summary>
    Ge,
    /// <summary>Less or equal.</summary>
    Le,
    /// <summary>Starts after.</summary>
    Sa,
    /// <summary>Ends before.</summary>
    Eb,
    /// <summary>Approximately.</summary>
    Ap,
}

/// <summary>One condition of a search; it holds when one of its values holds.</summary>
/// <param name="Parameter">The parameter; for a chain the reference that is followed.</param>
/// <param name="Modifier">Its modifier.</param>
/// <param name="Values">The alternatives; empty for <c>:missing</c> and for a chain.</param>
public sealed record SearchClause(SearchParameter Parameter, SearchModifier Modifier, ImmutableArray<SearchValue> Values)
{
    /// <summary>True when it holds where none of its values does.</summary>
    public bool IsNegated => Modifier is SearchModifier.Not or SearchModifier.NotIn;

    /// <summary>What <c>:missing</c> asks for: true = no value.</summary>
    public bool Missing { get; init; }

    /// <summary>For a chain: what must hold of the target, one for each type that it may have; empty otherwise.</summary>
    public ImmutableArray<SearchQuery> Chain { get; init; } = [];

    /// <summary>For <c>_has</c>: what must hold of a resource that refers to this one through <see cref="Parameter"/>; null otherwise.</summary>
    public SearchQuery? Has { get; init; }
}

/// <summary>A value of a clause, of the kind that its parameter has.</summary>
public abstract record SearchValue;

/// <summary>For a string.</summary>
/// <param name="Text">As given.</param>
/// <param name="Normal">Without case, accents and combining marks.</param>
public sealed record StringSearch(string Text, string Normal) : SearchValue;

/// <summary>For a token, or the identifier of a reference.</summary>
/// <param name="System">The system; empty for <c>|code</c> (no system); null for a bare code (any system).</param>
/// <param name="Code">The code; null for <c>system|</c> (any code).</param>
/// <param name="IsImplied">True when elements of type <c>code</c> that the parameter finds take their codes from that system: they bear none, and match.</param>
public sealed record TokenSearch(string? System, string? Code, bool IsImplied = false) : SearchValue;

/// <summary>For a token with <c>:in</c>, <c>:not-in</c>, <c>:below</c> or <c>:above</c>: the codes of one system that are meant, found when the search is read.</summary>
/// <param name="System">The system; null for any.</param>
/// <param name="Codes">The codes.</param>
/// <param name="IsImplied">As for <see cref="TokenSearch"/>.</param>
public sealed record CodesSearch(string? System, FrozenSet<string> Codes, bool IsImplied) : SearchValue;

/// <summary>For a date.</summary>
/// <param name="Prefix">The comparison.</param>
/// <param name="Range">The time that the given precision spans.</param>
public sealed record DateSearch(SearchPrefix Prefix, TimeRange Range) : SearchValue
{
    /// <summary>What <c>ap</c> accepts to overlap with: a tenth of the gap between the value and the time of asking more on both sides.</summary>
    public TimeRange About { get; init; } = Range;
}

/// <summary>For a number or quantity.</summary>
/// <param name="Prefix">The comparison.</param>
/// <param name="Value">The number.</param>
/// <param name="Low">The lowest number that is written so in this precision (99.5 for 100).</param>
/// <param name="High">The first number above those (100.5 for 100).</param>
/// <param name="System">The system of the unit; null for any.</param>
/// <param name="Unit">The unit's code; without a system also its name; null for any.</param>
public sealed record NumberSearch(SearchPrefix Prefix, double Value, double Low, double High, string? System = null, string? Unit = null) : SearchValue
{
    /// <summary>The base units of a unit of UCUM that is known: the numbers are then in these, and meet quantities in every unit of that dimension. Null when they are as given.</summary>
    public string? Dimension { get; init; }

    /// <summary>What <c>ap</c> accepts: a tenth more or less.</summary>
    public (double Low, double High) About { get; init; } = (Value - Math.Abs(Value * 0.1), Value + Math.Abs(Value * 0.1));
}

/// <summary>For a composite: what its components must be, in one of the places where it looks.</summary>
/// <param name="Components">All must hold; those of a parameter with a <see cref="SearchParameter.GroupDepth"/> in the same element, and they come first.</param>
public sealed record CompositeSearch(ImmutableArray<ComponentSearch> Components) : SearchValue;

/// <summary>A component of a <see cref="CompositeSearch"/>.</summary>
/// <param name="Parameter">The parameter that has its values.</param>
/// <param name="Value">What one of them must be; null for any.</param>
public sealed record ComponentSearch(SearchParameter Parameter, SearchValue? Value);

/// <summary>For an identifier with <c>:of-type</c>.</summary>
/// <param name="System">The system of the type; null for any.</param>
/// <param name="Key">The code of the type, a bar, the value.</param>
public sealed record OfTypeSearch(string? System, string Key) : SearchValue;

/// <summary>For a reference.</summary>
/// <param name="Type">The target's type; null for any.</param>
/// <param name="Target">The target's id, or an absolute or canonical URL.</param>
/// <param name="IsUrl">True when <paramref name="Target"/> is a URL.</param>
public sealed record ReferenceSearch(string? Type, string Target, bool IsUrl) : SearchValue;

/// <summary>For a uri.</summary>
/// <param name="Uri">As given; compared exactly.</param>
public sealed record UriSearch(string Uri) : SearchValue;

/// <summary>A span of time in milliseconds since 1970-01-01T00:00Z.</summary>
/// <param name="From">The first millisecond of it; <see cref="long.MinValue"/> for open.</param>
/// <param name="Until">The first millisecond behind it; <see cref="long.MaxValue"/> for open.</param>
public readonly record struct TimeRange(long From, long Until);
