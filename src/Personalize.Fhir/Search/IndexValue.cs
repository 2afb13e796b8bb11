namespace Personalize.Fhir.Search;

/// <summary>A value that a search parameter finds in a resource.</summary>
/// <param name="Parameter">The parameter.</param>
public abstract record IndexValue(SearchParameter Parameter)
{
    /// <summary>For a part of a composite: the element that it was found in; values of one number lie together. 0 for every other parameter.</summary>
    public int Group { get; init; }
}

/// <summary>A string.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Text">As written.</param>
/// <param name="Normal">Without case, accents and combining marks.</param>
public sealed record StringIndex(SearchParameter Parameter, string Text, string Normal) : IndexValue(Parameter);

/// <summary>A code, coding, identifier, boolean or contact point.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="System">Its system; empty when it has none.</param>
/// <param name="Code">Its code or value.</param>
public sealed record TokenIndex(SearchParameter Parameter, string System, string Code) : IndexValue(Parameter);

/// <summary>A span of time.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Range">The span.</param>
public sealed record DateIndex(SearchParameter Parameter, TimeRange Range) : IndexValue(Parameter);

/// <summary>A number, the number of a quantity, or a range of them.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Low">The number, or the low end of a range; <see cref="double.MinValue"/> for open.</param>
/// <param name="High">The number, or the high end of a range; <see cref="double.MaxValue"/> for open.</param>
/// <param name="System">The system of the unit; empty when it has none.</param>
/// <param name="Code">The unit's code; empty when it has none.</param>
/// <param name="Unit">The unit as people read it; empty when it has none.</param>
public sealed record NumberIndex(SearchParameter Parameter, double Low, double High, string System, string Code, string Unit) : IndexValue(Parameter);

/// <summary>A reference.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Type">The target's type; empty for a URL of unknown shape.</param>
/// <param name="Target">The target's id, or the URL when it lies elsewhere.</param>
/// <param name="IsUrl">True when <paramref name="Target"/> is a URL.</param>
public sealed record ReferenceIndex(SearchParameter Parameter, string Type, string Target, bool IsUrl) : IndexValue(Parameter);

/// <summary>The identifier inside a reference, for <c>:identifier</c>.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="System">Its system; empty when it has none.</param>
/// <param name="Value">Its value.</param>
public sealed record IdentifierIndex(SearchParameter Parameter, string System, string Value) : IndexValue(Parameter);

/// <summary>A uri.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Uri">As written.</param>
public sealed record UriIndex(SearchParameter Parameter, string Uri) : IndexValue(Parameter);

/// <summary>A quantity in base units, for units of UCUM that are known.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Low">The number, or the low end of a range; <see cref="double.MinValue"/> for open.</param>
/// <param name="High">The number, or the high end of a range; <see cref="double.MaxValue"/> for open.</param>
/// <param name="Dimension">The base units and their exponents.</param>
public sealed record CanonicalIndex(SearchParameter Parameter, double Low, double High, string Dimension) : IndexValue(Parameter);

/// <summary>What people read of a token: a display, the text of a concept, or that of the type of an identifier.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Normal">Without case, accents and combining marks.</param>
public sealed record WordsIndex(SearchParameter Parameter, string Normal) : IndexValue(Parameter);

/// <summary>An identifier with a code of its type, for <c>:of-type</c>.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="System">The system of the type; empty when it has none.</param>
/// <param name="Key">The code of the type, a bar, the value.</param>
public sealed record OfTypeIndex(SearchParameter Parameter, string System, string Key) : IndexValue(Parameter);
