using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath.Functions;

/// <summary>Parts of dates, and the whole calendar units between two of them. Source: FHIRPath 2.1 and 3.0 ballot, date and time functions.</summary>
internal static class Dates
{
    /// <summary>The part, when the date is known so far; empty otherwise.</summary>
    public static PathValue? Part(in PathValue one, TemporalPrecision part, Func<DateTime, int> get) => one.Value switch
    {
        FhirDate date => Part(date.ToDateTime(), part, get),
        FhirDateTime moment => Part(moment, part, get),
        FhirTime time when part >= TemporalPrecision.Hour => time.Precision >= part ? PathValue.Of(get(default(DateTime).Add(time.First.ToTimeSpan()))) : null,
        null => null,
        _ => throw new PathError("A date or time is expected"),
    };

    private static PathValue? Part(FhirDateTime moment, TemporalPrecision part, Func<DateTime, int> get) =>
        moment.Precision >= part ? PathValue.Of(get(moment.Local)) : null;

    public static PathValue? DateOf(PathValue one) => one.Value switch
    {
        FhirDate date => PathValue.Of(date),
        FhirDateTime moment => PathValue.Of(moment.ToDate()),
        null => null,
        _ => throw new PathError("A date or time is expected"),
    };

    /// <summary><c>birthDate.duration(today(), 'year')</c>: the whole units that have passed; negative when the other date is earlier.</summary>
    public static Step Duration(Call call) => Between(call, Whole);

    /// <summary><c>a.difference(b, 'month')</c>: how many borders of the unit lie between.</summary>
    public static Step Difference(Call call) => Between(call, Borders);

    private static Step Between(Call call, Func<DateTime, DateTime, CalendarUnit, int> count)
    {
        var (end, precision) = (call.Argument(0), call.Argument(1));
        return (frame, input) =>
        {
            var to = Function.One(frame, end);
            var unit = Function.Text(frame, precision) is { } word ? CalendarUnits.OfWord(word) ?? throw new PathError("The name of a calendar unit is expected") : (CalendarUnit?)null;
            if (Singleton.One(frame, input) is not { } from || to is not { } other || unit is not { } step)
                return;
            if (Moment(from) is { } a && Moment(other) is { } b && Enough(a, step) && Enough(b, step))
                frame.Push(count(Placed(a, b), Placed(b, a), step));
        };
    }

    private static FhirDateTime? Moment(in PathValue value) => value.Value switch
    {
        FhirDate date => date.ToDateTime(),
        FhirDateTime moment => moment,
        null => null,
        _ => throw new PathError("A date is expected"),
    };

    private static bool Enough(FhirDateTime moment, CalendarUnit unit) => moment.Precision >= unit switch
    {
        CalendarUnit.Year => TemporalPrecision.Year,
        CalendarUnit.Month => TemporalPrecision.Month,
        CalendarUnit.Week or CalendarUnit.Day => TemporalPrecision.Day,
        CalendarUnit.Hour => TemporalPrecision.Hour,
        CalendarUnit.Minute => TemporalPrecision.Minute,
        _ => TemporalPrecision.Second,
    };

    // Both by the clock of UTC, when both say by which clock they go.
    private static DateTime Placed(FhirDateTime moment, FhirDateTime other) =>
        moment.Offset is { } offset && other.Offset is not null ? moment.Earliest(offset).DateTime : moment.Local;

    private static int Whole(DateTime from, DateTime to, CalendarUnit unit)
    {
        if (from > to)
            return -Whole(to, from, unit);
        if (unit > CalendarUnit.Month)
            return Fit((to - from).Ticks / TicksOf(unit));
        var months = MonthsBetween(from, to);
        // The last month counts when its day has come; the last day of a short month stands for those that it lacks.
        if (from.AddMonths(months) > to)
            months--;
        return unit == CalendarUnit.Year ? months / 12 : months;
    }

    private static int Borders(DateTime from, DateTime to, CalendarUnit unit) => unit switch
    {
        CalendarUnit.Year => to.Year - from.Year,
        CalendarUnit.Month => MonthsBetween(from, to),
        CalendarUnit.Week => Fit(WeekOf(to) - WeekOf(from)),
        _ => Fit((to.Ticks / TicksOf(unit)) - (from.Ticks / TicksOf(unit))),
    };

    // Weeks begin on Sunday; the first of January of the year 1 was a Monday.
    private static long WeekOf(DateTime moment) => ((moment.Ticks / TimeSpan.TicksPerDay) + 1) / 7;

    private static int MonthsBetween(DateTime from, DateTime to) => ((to.Year - from.Year) * 12) + to.Month - from.Month;

    private static long TicksOf(CalendarUnit unit) => (long)CalendarUnits.Milliseconds(unit) * TimeSpan.TicksPerMillisecond;

    private static int Fit(long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new PathError("The time between is too long for this unit");
}
