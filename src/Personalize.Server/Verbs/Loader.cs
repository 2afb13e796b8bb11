using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Verbs;

/// <summary>Sends files, one after another. Nothing in them is changed on the way, unless <paramref name="prepare"/> does so.</summary>
/// <param name="send">Where to.</param>
/// <param name="ledger">What was finished before.</param>
/// <param name="again">True sends finished files too.</param>
/// <param name="prepare">Changes a resource before it is sent; null for none.</param>
internal sealed class Loader(Send send, LoadLedger ledger, bool again, Func<Resource, ReadOnlyMemory<byte>>? prepare = null)
{
    private const int LinesAtOnce = 200;

    /// <summary>Sends all; tells each file's name when it begins. Fails when the target cannot be reached; what was done before stays done.</summary>
    public async Task<Outcome<LoadTally>> Run(IReadOnlyList<string> files, Action<string> begins, CancellationToken ct)
    {
        var tally = new LoadTally();
        foreach (var file in files)
        {
            begins(file);
            if (!(await One(file, tally, ct)).TryGet(out var next, out var failure))
                return failure;
            tally = next;
        }
        return tally;
    }

    private async Task<Outcome<LoadTally>> One(string file, LoadTally tally, CancellationToken ct)
    {
        var bytes = await File.ReadAllBytesAsync(file, ct);
        var name = ledger.Name(bytes);
        if (!again && ledger.Has(name))
            return tally with { Skipped = tally.Skipped + 1 };
        var before = tally.Troubles.Count;
        var done = LoadFiles.IsLines(file) ? await Lines(file, tally, ct) : await Whole(file, LoadFiles.WithoutMark(bytes), tally, ct);
        return done.Select(next =>
        {
            if (next.Troubles.Count == before)
                ledger.Add(name);
            return next with { Files = next.Files + 1 };
        });
    }

    private async Task<Outcome<LoadTally>> Whole(string file, ReadOnlyMemory<byte> bytes, LoadTally tally, CancellationToken ct)
    {
        if (!Resource.Parse(bytes).TryGet(out var resource, out var failure))
            return With(tally, new LoadTrouble(file, "", Place(failure.Issues[0])));
        if (prepare is not null)
            resource = Resource.Parse(prepare(resource)).Value;
        if (resource.Type != "Bundle")
            return await Send(file, "", Requests.Of(resource), 1, tally, ct);
        return resource.Root.Child("type")?.Text switch
        {
            "transaction" or "batch" => await Send(file, "", ("POST", "", resource.Bytes), resource.Root.Children("entry").Count(), tally, ct),
            "collection" => await Collection(file, resource, tally, ct),
            _ => With(tally, new LoadTrouble(file, "", "A Bundle to load is of type transaction, batch or collection.")),
        };
    }

    /// <summary>A collection's resources are put or posted in one transaction, so that references between them hold.</summary>
    private async Task<Outcome<LoadTally>> Collection(string file, Resource bundle, LoadTally tally, CancellationToken ct)
    {
        var entries = new List<(Resource, string?)>();
        foreach (var entry in bundle.Root.Children("entry"))
            if (entry.Child("resource") is { } inside && Resource.Of(inside).TryGet(out var resource, out _))
                entries.Add((resource, entry.Child("fullUrl")?.Text));
        return entries.Count == 0 ? tally : await Send(file, "", ("POST", "", Requests.Bundle("transaction", entries)), entries.Count, tally, ct);
    }

    private async Task<Outcome<LoadTally>> Lines(string file, LoadTally tally, CancellationToken ct)
    {
        foreach (var chunk in LoadFiles.LinesOf(file).Chunk(LinesAtOnce))
        {
            if (!(await Chunk(file, chunk, tally, ct)).TryGet(out var next, out var failure))
                return failure;
            tally = next;
        }
        return tally;
    }

    /// <summary>Many lines in one commit; when one of them is refused, each for itself, so that the others get in and the bad one is named.</summary>
    private async Task<Outcome<LoadTally>> Chunk(string file, (int Number, ReadOnlyMemory<byte> Text)[] lines, LoadTally tally, CancellationToken ct)
    {
        var read = lines.Select(line => Resource.Parse(line.Text)).ToList();
        if (read.All(r => r.Failure is null))
        {
            var all = await send("POST", "", Requests.Bundle("transaction", read.Select(r => (r.Value, (string?)null))), ct);
            if (all.Failure is not null || all.Value.Status == StatusCodes.Status200OK)
                return all.Select(_ => tally with { Resources = tally.Resources + lines.Length });
        }
        foreach (var (line, number) in read.Zip(lines, (line, from) => (line, from.Number)))
        {
            if (!line.TryGet(out var resource, out var unread))
                tally = With(tally, new LoadTrouble(file, $"line {number}", unread.Issues[0].Text));
            else if ((await Send(file, $"line {number}", Requests.Of(resource), 1, tally, ct)).TryGet(out var next, out var failure))
                tally = next;
            else
                return failure;
        }
        return tally;
    }

    private async Task<Outcome<LoadTally>> Send(string file, string entry, (string Method, string Path, ReadOnlyMemory<byte> Body) request, int resources, LoadTally tally, CancellationToken ct)
    {
        if (!(await send(request.Method, request.Path, request.Body, ct)).TryGet(out var sent, out var failure))
            return failure;
        var troubles = Responses.Troubles(sent, entry).Select(t => new LoadTrouble(file, t.Entry, t.Text)).ToList();
        var whole = sent.Status >= StatusCodes.Status400BadRequest;
        return tally with { Resources = tally.Resources + (whole ? 0 : resources - troubles.Count), Troubles = tally.Troubles.AddRange(troubles) };
    }

    private static LoadTally With(LoadTally tally, LoadTrouble trouble) => tally with { Troubles = tally.Troubles.Add(trouble) };

    private static string Place(Issue issue) => issue.Line > 0 ? $"{issue.Text} (line {issue.Line}, column {issue.Column})" : issue.Text;
}
