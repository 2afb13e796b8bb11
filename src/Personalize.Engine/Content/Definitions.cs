using System.Collections.Immutable;
using Personalize.Fhir.FhirPath;

namespace Personalize.Engine.Content;

/// <summary>What a fact's values are.</summary>
public enum FactType
{
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>A whole number.</summary>
    Integer,
    /// <summary>A number.</summary>
    Decimal,
    /// <summary>Text.</summary>
    String,
    /// <summary>A code.</summary>
    Code,
    /// <summary>A date.</summary>
    Date,
    /// <summary>A number with a unit.</summary>
    Quantity,
}

/// <summary>A fact: a named, typed value about a patient.</summary>
/// <param name="Name">Its name in expressions: <c>last-a1c</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Url">Canonical.</param>
/// <param name="Version">Version.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Unit">The unit to show behind a bare number, or null.</param>
/// <param name="Expression">FHIRPath over the record and other facts.</param>
public sealed record FactDefinition(string Name, string Title, string Url, string Version, FactType Type, string? Unit, FhirPathExpression Expression);

/// <summary>A segment: a condition over facts that a person meets, does not meet, or of which nothing can be told.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Url">Canonical.</param>
/// <param name="Version">Version.</param>
/// <param name="Kind">demographic, behavioral, needs-based or stated-preference.</param>
/// <param name="Purpose">What it is for, in Markdown; null when not told.</param>
/// <param name="Owner">Who answers for it; null when not told.</param>
/// <param name="Source">Where it comes from; null when not told.</param>
/// <param name="Expression">Boolean FHIRPath over facts.</param>
public sealed record SegmentDefinition(
    string Code, string Title, string Url, string Version, string Kind, string? Purpose, string? Owner, string? Source, FhirPathExpression Expression);

/// <summary>A coded value.</summary>
/// <param name="System">Code system; null when not told.</param>
/// <param name="Code">Code.</param>
/// <param name="Display">Name for people; null when not told.</param>
public sealed record Coded(string? System, string Code, string? Display);

/// <summary>A concept: its codings and its text.</summary>
/// <param name="Codings">Codings; may be empty.</param>
/// <param name="Text">Text; null when not told.</param>
public sealed record Concept(ImmutableArray<Coded> Codings, string? Text);

/// <summary>Where a preference may come from.</summary>
/// <param name="Source">stated, observed or default.</param>
/// <param name="Topic">The only topic that it tells of; null for all.</param>
/// <param name="Values">Gives codings in rank order.</param>
/// <param name="Date">Gives the date of what it rests on; null when there is none.</param>
/// <param name="Text">Why, in plain words.</param>
public sealed record PreferenceSource(string Source, string? Topic, FhirPathExpression Values, FhirPathExpression? Date, string Text);

/// <summary>A kind of preference, with its sources in order of authority.</summary>
/// <param name="Kind">channel, visit-mode, ...</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Url">Canonical.</param>
/// <param name="Version">Version.</param>
/// <param name="Topics">The topics that it is told for; empty when it has none.</param>
/// <param name="Sources">The first one that gives a value wins.</param>
public sealed record PreferenceDefinition(
    string Kind, string Title, string Url, string Version, ImmutableArray<string> Topics, ImmutableArray<PreferenceSource> Sources);

/// <summary>The calendar period that goes into a suggestion's id: how often the same thing may be offered afresh.</summary>
public enum OfferPeriod
{
    /// <summary>Once in a life.</summary>
    Once,
    /// <summary>By year.</summary>
    Year,
    /// <summary>By half-year.</summary>
    HalfYear,
    /// <summary>By month.</summary>
    Month,
}

/// <summary>What a rule rests on.</summary>
/// <param name="Text">The citation.</param>
/// <param name="Url">Where it can be read; null when not told.</param>
/// <param name="Grade">Such as <c>USPSTF A</c>; null when not told.</param>
public sealed record Citation(string? Text, string? Url, string? Grade);

/// <summary>One condition of a rule.</summary>
/// <param name="Text">In plain words.</param>
/// <param name="Expression">Boolean FHIRPath over facts and segments.</param>
public sealed record RuleCondition(string Text, FhirPathExpression Expression);

/// <summary>What a rule offers.</summary>
public enum OfferKind
{
    /// <summary>Only the Task.</summary>
    Task,
    /// <summary>A draft ServiceRequest.</summary>
    ServiceRequest,
    /// <summary>A draft CommunicationRequest.</summary>
    CommunicationRequest,
}

/// <summary>What a rule offers.</summary>
/// <param name="Kind">The kind of request.</param>
/// <param name="Code">What to do; null when the kind needs none.</param>
/// <param name="Text">In words.</param>
/// <param name="Title">Of the action.</param>
/// <param name="Priority">routine, urgent, asap or stat.</param>
public sealed record RuleOffer(OfferKind Kind, Concept? Code, string? Text, string Title, string Priority);

/// <summary>A suggestion rule.</summary>
/// <param name="Code">Its code: <c>crc-1</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Url">Canonical.</param>
/// <param name="Version">Version.</param>
/// <param name="Description">One sentence for the clinician.</param>
/// <param name="Purpose">Why it matters; null when not told.</param>
/// <param name="Usage">What to do or say; null when not told.</param>
/// <param name="Start">The first day on which it offers; null for any.</param>
/// <param name="End">The last day on which it offers; null for any.</param>
/// <param name="Citations">What it rests on.</param>
/// <param name="Benefit">0 to 1.</param>
/// <param name="Urgency">0 to 1.</param>
/// <param name="Period">How often the same thing may be offered afresh.</param>
/// <param name="Conditions">All must hold.</param>
/// <param name="Offer">What it offers.</param>
public sealed record SuggestionRule(
    string Code, string Title, string Url, string Version, string Description, string? Purpose, string? Usage, DateOnly? Start, DateOnly? End,
    ImmutableArray<Citation> Citations, decimal Benefit, decimal Urgency, OfferPeriod Period, ImmutableArray<RuleCondition> Conditions, RuleOffer Offer)
{
    /// <summary>Benefit times urgency: higher is shown first.</summary>
    public decimal Rank => decimal.Round(Benefit * Urgency, 4);

    /// <summary>Canonical with version.</summary>
    public string Canonical => $"{Url}|{Version}";

    /// <summary>True when it may offer on that day.</summary>
    public bool IsInForce(DateOnly day) => (Start is null || Start <= day) && (End is null || day <= End);
}
