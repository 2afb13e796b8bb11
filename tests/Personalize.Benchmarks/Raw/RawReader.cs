using System.Buffers;

namespace Personalize.Benchmarks.Raw;

/// <summary>The questions of the benchmarks as one prepared statement each on the raw tables; the answers' resources are decompressed. For one thread at a time.</summary>
internal sealed class RawReader : IRawQuestions, IDisposable
{
    private const string Found = "SELECT r.json, r.rid FROM";
    private readonly RawCatalog _catalog;
    private readonly RawDatabase _database;
    private readonly RawBlobs _blobs;
    private readonly RawStatement _byId, _byCodeOfPatient, _count, _byName, _byCode, _byChain, _byDate;

    public RawReader(string file, byte[] dictionary, RawCatalog catalog)
    {
        (_database, _blobs, _catalog) = (new(file), new(dictionary), catalog);
        _byId = _database.Prepare($"{Found} ids i JOIN res r ON r.rid=i.rid WHERE i.k=?");
        _byCodeOfPatient = _database.Prepare($"{Found} pc JOIN res r ON r.rid=pc.rid WHERE pc.patient=? AND pc.code=? ORDER BY pc.nd LIMIT 20");
        _count = _database.Prepare("SELECT count(*) FROM tok WHERE k=? AND sys=?");
        _byName = _database.Prepare($"{Found} str s JOIN res r ON r.rid=s.rid WHERE s.p=?1 AND s.norm>=?2 AND s.norm<?3 LIMIT 20");
        _byCode = _database.Prepare($"{Found} tok t JOIN res r ON r.rid=t.rid WHERE t.k=? AND t.sys=? LIMIT 20");
        _byChain = _database.Prepare($"{Found} str s JOIN tok t ON t.k=?4+s.rid JOIN res r ON r.rid=t.rid WHERE s.p=?1 AND s.norm>=?2 AND s.norm<?3 LIMIT 20");
        _byDate = _database.Prepare($"SELECT r.json, d.rid, d.lo FROM dt d JOIN res r ON r.rid=d.rid WHERE d.p=? AND d.lo>=? AND (d.lo, d.rid)<(?, ?) ORDER BY d.lo DESC, d.rid DESC LIMIT ?");
    }

    public (long Low, long Rid) End { get; private set; }

    public int ById(string type, string id) => ById(type, id, null);

    public int ById(string type, string id, IBufferWriter<byte>? to) => All(_byId.With(RawCatalog.KeyOf(type, id)), to);

    public int ByCodeOfPatient(string patient, string code) => ByCodeOfPatient(patient, code, null);

    public int ByCodeOfPatient(string patient, string code, IBufferWriter<byte>? to) =>
        All(_byCodeOfPatient.With(_catalog.TargetOf("Patient", patient), RawCatalog.Hash("Observation") ^ RawCatalog.Hash(code)), to);

    public long Count(string type, string system, string code) => _count.With(_catalog.Token(type, code), RawCatalog.Hash(system)).Number()!.Value;

    public int ByName(string prefix) => All(Prefix(_byName, prefix, []), null);

    public int ByCode(string type, string system, string code) => All(_byCode.With(_catalog.Token(type, code), RawCatalog.Hash(system)), null);

    public int ByChain(string prefix) => All(Prefix(_byChain, prefix, [_catalog.NumberOf("Observation", "subject") << 48]), null);

    public int ByDate(long from, (long Low, long Rid) before, int most) =>
        All(_byDate.With(_catalog.NumberOf("Observation", "date"), from, before.Low, before.Rid, most), null, isByDate: true);

    public void Dispose()
    {
        _database.Dispose();
        _blobs.Dispose();
    }

    private RawStatement Prefix(RawStatement statement, string prefix, ReadOnlySpan<long> reference)
    {
        var (low, high) = RawCatalog.Prefix(prefix);
        return statement.With([_catalog.NumberOf("Patient", "name"), 0, 0, .. reference]).And(2, low).And(3, high);
    }

    private int All(RawStatement rows, IBufferWriter<byte>? to, bool isByDate = false)
    {
        var count = 0;
        while (rows.Step())
        {
            var json = _blobs.Decompress(rows.Bytes(0));
            if (count++ > 0)
                to?.Write(","u8);
            to?.Write(json);
            if (isByDate)
                End = (rows.Integer(2), rows.Integer(1));
        }
        return count;
    }
}
