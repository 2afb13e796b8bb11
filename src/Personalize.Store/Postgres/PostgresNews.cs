using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace Personalize.Store.Postgres;

/// <summary>Hears of the commits of all processes: PostgreSQL tells of each, and is asked now and then in case that it could not.</summary>
internal sealed class PostgresNews : IAsyncDisposable
{
    /// <summary>Tells all who listen, once the transaction is committed.</summary>
    public const string Tell = $"SELECT pg_notify({Channel}, ?)";

    private const string Channel = "'personalize_' || left(md5(current_schema()), 12)";
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1);

    private readonly Func<NpgsqlConnection> _connect;
    private readonly Action<long> _heard;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public PostgresNews(Func<NpgsqlConnection> connect, Action<long> heard)
    {
        (_connect, _heard) = (connect, heard);
        _loop = Task.Run(Loop);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task Loop()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Listen(_stop.Token);
            }
            catch (Exception fault) when (fault is NpgsqlException or SocketException or IOException or OperationCanceledException)
            {
                // The database is away, or this process stops; the next try finds out which.
                await Task.WhenAny(Task.Delay(_between, _stop.Token));
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
            while (await connection.WaitAsync(_between, ct))
            {
            }
        }
    }

    private void Hear(string? t)
    {
        if (long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            _heard(number);
    }

    private static async Task<string?> Scalar(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}
