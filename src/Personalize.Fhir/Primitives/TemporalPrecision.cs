namespace Personalize.Fhir.Primitives;

/// <summary>How far a date or time is known. Source: FHIRPath 2.0, Date/Time; FHIR R4, date and dateTime.</summary>
public enum TemporalPrecision
{
    /// <summary>Only the year.</summary>
    Year,
    /// <summary>Year and month.</summary>
    Month,
    /// <summary>The day.</summary>
    Day,
    /// <summary>The hour.</summary>
    Hour,
    /// <summary>The minute.</summary>
    Minute,
    /// <summary>The second.</summary>
    Second,
    /// <summary>A fraction of a second.</summary>
    Millisecond,
}
