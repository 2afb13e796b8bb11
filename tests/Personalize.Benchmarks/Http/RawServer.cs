using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Personalize.Benchmarks.Raw;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;
using Personalize.Fhir.Validation;

namespace Personalize.Benchmarks.Http;

/// <summary>Kestrel with nothing but what a figure needs: the first letter of the path says what is done.</summary>
internal sealed class RawServer : IDisposable
{
    private static readonly byte[] _constant = Encoding.UTF8.GetBytes("{\"resourceType\":\"Basic\"}".PadRight(840));
    private readonly RawCatalog _catalog = new(SearchCatalog.R4);
    private readonly ThreadLocal<(RawReader Reader, ArrayBufferWriter<byte> Answer)> _readers;
    private readonly RawCommits _one, _sliced, _log;
    private long _rid;

    /// <summary>Over a folder with raw tables and their dictionary.</summary>
    public RawServer(string folder)
    {
        var (file, dictionary) = (Path.Combine(folder, "raw.db"), File.ReadAllBytes(Path.Combine(folder, "dictionary")));
        _catalog.ReadTargets(file);
        _rid = _catalog.Targets.Count + 1;
        _readers = new(() => (new(file, dictionary, _catalog), new()), true);
        _one = RawCommits.One(new(Copy(file, "one"), dictionary));
        _sliced = RawCommits.Sliced(new(Copy(file, "sliced"), dictionary), _catalog);
        _log = RawCommits.Log(new(Path.Combine(folder, "log"), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
    }

    /// <summary>The application, not yet listening.</summary>
    public WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.Run(Serve);
        return app;
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
            reader.Reader.Dispose();
        Array.ForEach([_one, _sliced, _log], commits => commits.Dispose());
    }

    private Task Serve(HttpContext context) => context.Request.Path.Value!.Split('/') switch
    {
        [_, "constant"] => Send(context, _constant),
        [_, "read", var type, var id] => Answer(context, (reader, to) => reader.ById(type, id, to)),
        [_, "search", var patient, var code] => Answer(context, (reader, to) => reader.ByCodeOfPatient(patient, code, to)),
        [_, "one"] => Create(context, _one),
        [_, "sliced"] => Create(context, _sliced),
        [_, "log"] => Create(context, _log),
        _ => throw new InvalidOperationException("No such path."),
    };

    private Task Answer(HttpContext context, Action<RawReader, IBufferWriter<byte>> read)
    {
        var (reader, answer) = _readers.Value;
        answer.ResetWrittenCount();
        read(reader, answer);
        return Send(context, answer.WrittenSpan);
    }

    private static Task Send(HttpContext context, ReadOnlySpan<byte> body)
    {
        context.Response.ContentType = "application/fhir+json";
        context.Response.ContentLength = body.Length;
        context.Response.BodyWriter.Write(body);
        return Task.CompletedTask;
    }

    private async Task Create(HttpContext context, RawCommits commits)
    {
        var body = new byte[context.Request.ContentLength!.Value];
        await context.Request.Body.ReadExactlyAsync(body);
        var resource = Resource.Parse(body).Value;
        if (Validator.Check(resource).Failure is not null)
            throw new InvalidOperationException("The resource is not valid.");
        var (id, rows) = (Guid.CreateVersion7().ToString(), new RawRows(_catalog));
        rows.Add(resource, id, Interlocked.Increment(ref _rid));
        await commits.Commit(rows);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{resource.Type}/{id}";
        context.Response.ContentLength = 0;
    }

    private static string Copy(string file, string name)
    {
        var copy = Path.Combine(Path.GetDirectoryName(file)!, name + ".db");
        File.Copy(file, copy);
        return copy;
    }
}
