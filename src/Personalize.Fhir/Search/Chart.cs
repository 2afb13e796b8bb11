using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Personalize.Fhir.Search;

/// <summary>A patient's record as it is read most: what has a code or a category, by date. Of the types that say all three an index keeps these together, so that such a page is one look.</summary>
/// <param name="Date">The parameter by which the chart is ordered.</param>
/// <param name="Codes">The parameters that have a chart each.</param>
public sealed record Chart(SearchParameter Date, ImmutableArray<SearchParameter> Codes)
{
    /// <summary>The date of a row that has none: it lies before all others. What begins at no known time lies right behind it.</summary>
    public const long Undated = long.MinValue;

    /// <summary>The parameters whose patients the chart is of: the second where a type does not have the first.</summary>
    private static readonly string[] _patients = ["patient", "subject"];

    private static readonly string[] _codes = ["code", "category", "type", "vaccine-code"];
    private static readonly ConcurrentDictionary<string, Chart?> _charts = new();

    /// <summary>The chart of a resource type; null when it has none. R4's parameters alone say so.</summary>
    public static Chart? Of(string resourceType) => _charts.GetOrAdd(resourceType, static type =>
        SearchCatalog.R4.Find(type, "patient") is { Type: SearchParameterType.Reference } && SearchCatalog.R4.Find(type, "date") is { Type: SearchParameterType.Date } date && SearchCatalog.IsSingle(date)
        && _codes.Select(code => SearchCatalog.R4.Find(type, code)).OfType<SearchParameter>().Where(p => p.Type == SearchParameterType.Token).ToImmutableArray() is { IsEmpty: false } codes
            ? new Chart(date, codes) : null);

    /// <summary>True for a parameter that has a chart.</summary>
    public static bool IsOf(SearchParameter parameter) => parameter is { Type: SearchParameterType.Token, GroupDepth: 0 } && Array.IndexOf(_codes, parameter.Code) >= 0 && Of(parameter.ResourceType)?.Codes.Contains(parameter) == true;

    /// <summary>True for a parameter that names the patient of a chart.</summary>
    public static bool IsPatient(SearchParameter parameter) => parameter.Type == SearchParameterType.Reference && Array.IndexOf(_patients, parameter.Code) >= 0 && Of(parameter.ResourceType) is not null;

    /// <summary>What each of a type's parameters is to its chart.</summary>
    internal static ChartRole[] Roles(string resourceType, IReadOnlyList<SearchParameter> parameters)
    {
        var chart = Of(resourceType);
        var patient = _patients.FirstOrDefault(code => parameters.Any(p => p.Code == code));
        return [.. parameters.Select(p => chart is null ? ChartRole.None : p.Code == patient ? ChartRole.Patient : chart.Codes.Contains(p) ? ChartRole.Code : p.Equals(chart.Date) ? ChartRole.Date : ChartRole.None)];
    }
}

/// <summary>A row of a <see cref="Chart"/>; its texts are asked of the <see cref="IndexEntries"/> that it came with.</summary>
/// <param name="Parameter">The parameter of the code.</param>
/// <param name="Patient">The id of the patient.</param>
/// <param name="Code">The code.</param>
/// <param name="From">When the date begins; <see cref="Chart.Undated"/> when there is none.</param>
public readonly record struct ChartRow(SearchParameter Parameter, IndexText Patient, IndexText Code, long From);

/// <summary>What a search parameter is to a chart.</summary>
internal enum ChartRole : byte
{
    None,
    Patient,
    Code,
    Date,
}
