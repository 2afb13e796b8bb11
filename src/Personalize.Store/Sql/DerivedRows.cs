using System.Globalization;

namespace Personalize.Store.Sql;

/// <summary>Writes the engine's rows: memberships, facts, and how far it has read.</summary>
internal sealed class DerivedRows(WritingSession session, WriterNumbers numbers)
{
    private const string Day = "yyyy-MM-dd";

    public void Write(Derived derived, long t)
    {
        foreach (var change in derived.Memberships)
            session.Change("INSERT INTO membership(segment, patient, start, until, t) VALUES(?,?,?,?,?) ON CONFLICT(segment, patient, start) DO UPDATE SET until=excluded.until, t=excluded.t",
                change.Segment, Patient(change.Patient), Text(change.From), change.Until is { } until ? Text(until) : null, t);
        foreach (var fact in derived.Facts.Where(fact => fact.Bytes.IsEmpty))
            session.Change("DELETE FROM fact WHERE patient=?", Patient(fact.Patient));
        foreach (var fact in derived.Facts.Where(fact => !fact.Bytes.IsEmpty))
            session.Change("INSERT INTO fact(patient, bytes, t) VALUES(?,?,?) ON CONFLICT(patient) DO UPDATE SET bytes=excluded.bytes, t=excluded.t", Patient(fact.Patient), fact.Bytes, t);
        if (derived.Cursor is var (reader, at))
            session.Change("INSERT INTO cursor(reader, t) VALUES(?,?) ON CONFLICT(reader) DO UPDATE SET t=excluded.t", reader, at);
    }

    public static string Text(DateOnly day) => day.ToString(Day, CultureInfo.InvariantCulture);

    public static DateOnly Read(string text) => DateOnly.ParseExact(text, Day, CultureInfo.InvariantCulture);

    private long Patient(Fhir.Primitives.ResourceId id) => numbers.Resource("Patient", id.ToString());
}
