using System.Globalization;
using Npgsql;

namespace Personalize.Store.Postgres;

/// <summary>Hears of the commits of all processes: PostgreSQL tells of each, and is asked now and then in case that it could not.</summary>
internal sealed class PostgresNews : IAsyncDisposable
{
    /// <summary>Tells all who listen, once the transaction is committed.</summary>
    public const string Tell = $"SELECT pg_notify({Channel}, ?)";

    /// <summary>Stands before the number of a catalog; that of a commit stands alone.</summary>
    public const string CatalogMark = "c";

    private const string Channel = "'personalize_' || left(md5(current_schema()), 12)";
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    private readonly Func<NpgsqlConnection> _connect;
    private readonly Action<long> _heard;
    private readonly Action<long> _heardOfCatalog;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long _heardAt = Environment.TickCount64;

    /// <param name="connect">Makes a connection.</param>
    /// <param name="heard">Is told the number of a commit.</param>
    /// <param name="heardOfCatalog">Is told the number of the catalog of search parameters when it has changed, and now and then.</param>
    public PostgresNews(Func<NpgsqlConnection> connect, Action<long> heard, Action<long> heardOfCatalog)
    {
        (_connect, _heard, _heardOfCatalog) = (connect, heard, heardOfCatalog);
        _loop = Task.Run(Loop);
    }

    /// <summary>How long ago it last could ask; a second or two while all is well.</summary>
    public TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _heardAt));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Whatever goes wrong, of the database or of our own, it is tried again: who stops listening would wait for others' commits for ever. <see cref="Silence"/> tells of it.</summary>
    private async Task Loop()
    {
        for (var pause = _between; !_stop.IsCancellationRequested;)
        {
            var begun = Volatile.Read(ref _heardAt);
            try
            {
                await Listen(_stop.Token);
            }
            catch (Exception)
            {
                if (_stop.IsCancellationRequested)
                    return;
                pause = Volatile.Read(ref _heardAt) != begun ? _between : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _longestPause.Ticks));
                StoreMeters.NewsFaults.Add(1);
                await Task.WhenAny(Task.Delay(pause, _stop.Token));
            }
        }
    }

    private async Task Listen(CancellationToken ct)
    {
        await using var connection = _connect();
        connection.Notification += (_, news) => Hear(news.Payload);
        var channel = await Scalar(connection, $"SELECT {Channel}", ct);
        await Scalar(connection, $"LISTEN {channel}", ct);
        while (true)
        {
            Hear(await Scalar(connection, "SELECT max(t) FROM res", ct));
            Volatile.Write(ref _heardAt, Environment.TickCount64);
            Hear(CatalogMark + await Scalar(connection, "SELECT number FROM catalog", ct));
            while (await connection.WaitAsync(_between, ct))
            {
            }
        }
    }

    private void Hear(string? news)
    {
        var isOfCatalog = news?.StartsWith(CatalogMark, StringComparison.Ordinal) == true;
        if (long.TryParse(isOfCatalog ? news.AsSpan(CatalogMark.Length) : news, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            (isOfCatalog ? _heardOfCatalog : _heard)(number);
    }

    private static async Task<string?> Scalar(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}
