using System.Text.Json;
using System.Text.Json.Serialization;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Search;
using Personalize.Server.Http;
using Personalize.Server.Smart;
using Personalize.Server.Verbs;

namespace Personalize.Server;

/// <summary>Who may use <c>/fhir</c>.</summary>
public enum AuthorizationMode
{
    /// <summary>Tokens of the built-in SMART server.</summary>
    Embedded,
    /// <summary>Everybody on this machine; nothing but loopback is bound.</summary>
    None,
}

/// <summary>How the log is written.</summary>
public enum LogForm
{
    /// <summary>For people.</summary>
    Text,
    /// <summary>One JSON object a line, for what gathers logs.</summary>
    Json,
}

/// <summary>A client application that may ask for tokens.</summary>
public sealed record ClientSettings
{
    /// <summary>The <c>client_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What a person reads when the client asks for consent; the id when absent.</summary>
    public string? Name { get; init; }

    /// <summary>Exact redirect URIs.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>The scopes that it may ask for, separated by spaces.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The environment variable that holds its secret; a client with neither this nor a file is public.</summary>
    public string? SecretVariable { get; init; }

    /// <summary>The file that holds its secret.</summary>
    public string? SecretFile { get; init; }
}

/// <summary>The PostgreSQL database that keeps the resources. The secret stands where these say, never in the settings.</summary>
public sealed record PostgresSettings
{
    /// <summary>The environment variable that holds the connection string, such as <c>Host=db;Username=fhir;Password=...;Database=fhir;Search Path=practice</c>.</summary>
    public string? ConnectionVariable { get; init; }

    /// <summary>The file that holds it.</summary>
    public string? ConnectionFile { get; init; }

    /// <summary>The connection string. Fails with <see cref="Failure.Invalid"/> when neither or both places are named, and when nothing is there.</summary>
    public Outcome<string> Connection()
    {
        if (ConnectionVariable is null == ConnectionFile is null)
            return new Failure.Invalid("The setting postgres names either connectionVariable or connectionFile.");
        if (ConnectionFile is { } file && !File.Exists(file))
            return new Failure.Invalid($"There is no file {file}, which is to hold the connection string of PostgreSQL.");
        if (ConnectionFile is { } open && OwnerOnly.Refuses(open) is { } refused)
            return refused;
        var found = ConnectionFile is not null ? File.ReadAllText(ConnectionFile).Trim() : Environment.GetEnvironmentVariable(ConnectionVariable!);
        return string.IsNullOrEmpty(found)
            ? new Failure.Invalid($"{ConnectionFile ?? $"The environment variable {ConnectionVariable}"} holds no connection string of PostgreSQL, such as \"Host=localhost;Username=personalize;Password=...;Database=personalize\".")
            : found;
    }
}

/// <summary>A named way to start the server: <c>launch-settings/NAME.json</c> with the options of the command line laid over it.</summary>
public sealed record LaunchSettings
{
    // Read strictly, so that a misspelt key is an error. By reflection: generated readers overwrite the defaults of init properties with null.
    private static readonly JsonSerializerOptions _reading = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        PropertyNameCaseInsensitive = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private const long MostBodies = 1L << 40;

    /// <summary>The name of the file without its ending.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>The folder that holds <c>launch-settings</c>; empty for settings that come from no file.</summary>
    [JsonIgnore]
    public string Root { get; init; } = "";

    /// <summary>The addresses to listen on, separated by <c>;</c>.</summary>
    public string Urls { get; init; } = "http://localhost:8080";

    /// <summary>The data folder; absolute once read.</summary>
    public string Data { get; init; } = "data";

    /// <summary>The database that keeps the resources; null for a file of SQLite in the data folder.</summary>
    public PostgresSettings? Postgres { get; init; }

    /// <summary>Who may use <c>/fhir</c>.</summary>
    public AuthorizationMode Authorization { get; init; } = AuthorizationMode.Embedded;

    /// <summary>Load <c>sample-bundles</c> on the first start.</summary>
    public bool Samples { get; init; }

    /// <summary>Let the practice page sign in the made clinicians without a password.</summary>
    public bool MadeClinicians { get; init; }

    /// <summary>The practice's time zone (IANA).</summary>
    public string TimeZone { get; init; } = "America/New_York";

    /// <summary>The practice's name on its pages.</summary>
    public string PracticeName { get; init; } = "Practice";

    /// <summary>The greatest body that is taken, such as <c>32MB</c>.</summary>
    public string MaxBody { get; init; } = "32MB";

    /// <summary>How much the bodies of all requests in work may take together, such as <c>256MB</c>; one alone is taken in any case. What is beyond is answered with 503.</summary>
    public string MaxBodies { get; init; } = "256MB";

    /// <summary>So many requests are in work at once, 1 to 100,000; one more is answered with 503.</summary>
    public int MaxRequests { get; init; } = 1024;

    /// <summary>So many of them of one caller; one more is answered with 429.</summary>
    public int MaxRequestsOfOne { get; init; } = 512;

    /// <summary>How many seconds a read may take, 1 to 3,600; one that takes longer is answered with 503.</summary>
    public int MaxReadSeconds { get; init; } = 60;

    /// <summary>Further addresses of the FHIR base under which clients know it, such as <c>https://fhir.practice.org/fhir</c>: references to resources there mean those here, as with the addresses of <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> KnownAs { get; init; } = [];

    /// <summary>The addresses or networks (such as <c>10.0.0.0/8</c>) of the proxies whose <c>X-Forwarded-For, -Proto, -Host, -Prefix</c> count; from anybody else, and with none, these headers mean nothing.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>How the log is written to the standard output.</summary>
    public LogForm Log { get; init; } = LogForm.Text;

    /// <summary>Client applications beside the built-in one.</summary>
    public IReadOnlyList<ClientSettings> Clients { get; init; } = [];

    /// <summary>The greatest body in bytes; the text was checked when it was read.</summary>
    [JsonIgnore]
    public long MaxBodyBytes => ByteSize.TryParse(MaxBody, out var bytes) ? bytes : throw new InvalidOperationException("The body limit was not checked.");

    /// <summary>How much all bodies may take, in bytes; never less than one may.</summary>
    [JsonIgnore]
    public long MaxBodiesBytes => ByteSize.TryParse(MaxBodies, out var bytes, MostBodies) ? Math.Max(bytes, MaxBodyBytes + 1) : throw new InvalidOperationException("The limit of all bodies was not checked.");

    /// <summary>True when nothing but loopback may be bound: everybody, or everybody who picks a clinician, gets in.</summary>
    [JsonIgnore]
    public bool StaysLocal => Authorization == AuthorizationMode.None || MadeClinicians;

    /// <summary>Where the resources are: under the addresses to listen on, the one that is given out, and those that are told.</summary>
    [JsonIgnore]
    public HomeAddresses Home => HomeAddresses.Of([
        .. Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(SmartAddresses.Of(this).Root.AbsoluteUri)
            .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri.GetLeftPart(UriPartial.Authority) + "/fhir/" : null).OfType<string>(),
        .. KnownAs]);

    /// <summary>Finds and reads <c>launch-settings/NAME.json</c> in the nearest folder upward of each start folder, in their order.
    /// Fails with <see cref="Failure.Missing"/> when no such file is there and with <see cref="Failure.Invalid"/> when it cannot be read.</summary>
    public static Outcome<LaunchSettings> Read(string name, IEnumerable<string> startFolders)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            return new Failure.Invalid("A launch name has only letters, digits, '-' and '_'.");
        var file = startFolders.SelectMany(Upward).Select(folder => Path.Combine(folder, "launch-settings", name + ".json")).FirstOrDefault(File.Exists);
        return file is null ? new Failure.Missing($"There is no launch-settings/{name}.json here or above.") : ReadFile(file, name);
    }

    /// <summary>Refuses settings that would let everybody in from elsewhere, and values that cannot be used.</summary>
    public Outcome<LaunchSettings> Checked()
    {
        if (!ByteSize.TryParse(MaxBody, out _) || !ByteSize.TryParse(MaxBodies, out _, MostBodies))
            return new Failure.Invalid("The body limits, maxBody and maxBodies, are numbers of bytes such as 33554432, 32MB or 512KB.");
        if (KnownAs.Any(address => !IsAddress(address) || !Uri.TryCreate(address, UriKind.Absolute, out _)))
            return new Failure.Invalid("knownAs are addresses of the FHIR base, such as https://fhir.practice.org/fhir.");
        if (Proxies.Any(proxy => ForwardedBy.Network(proxy) is null))
            return new Failure.Invalid("proxies are addresses or networks, such as 10.0.0.7 or 10.0.0.0/8.");
        if (MaxRequests is < 1 or > 100_000 || MaxRequestsOfOne is < 1 or > 100_000 || MaxReadSeconds is < 1 or > 3_600)
            return new Failure.Invalid("maxRequests and maxRequestsOfOne are 1 to 100000, maxReadSeconds is 1 to 3600.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            return new Failure.Invalid($"The time zone '{TimeZone}' is not known here.");
        var addresses = Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0 || addresses.Any(a => !IsAddress(a)))
            return new Failure.Invalid("--urls takes addresses such as http://localhost:8080, separated by ';'.");
        if (StaysLocal && addresses.FirstOrDefault(a => !IsLoopback(a)) is { } open)
            return new Failure.Invalid($"'{Name}' lets everybody in who reaches it, so it listens on this machine only: {open} is not a loopback address. Use http://localhost:PORT, or --launch sqlite.");
        if (SmartServer.Refuses(this) is { } refused)
            return refused;
        return this;
    }

    private static IEnumerable<string> Upward(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }

    private static Outcome<LaunchSettings> ReadFile(string file, string name)
    {
        try
        {
            var read = JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllBytes(file), _reading);
            if (read is null)
                return new Failure.Invalid($"{file} holds no settings.");
            var root = Directory.GetParent(file)!.Parent!.FullName;
            return read with { Name = name, Root = root, Data = Path.GetFullPath(read.Data, root) };
        }
        catch (JsonException trouble)
        {
            return new Failure.Invalid($"{file} cannot be read: line {trouble.LineNumber + 1}, at {trouble.Path}.");
        }
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
