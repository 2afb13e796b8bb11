namespace Personalize.Server;

/// <summary>Everything that the server logs. Never content of resources, never search parameters.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{RequestId}: the client left before the answer")]
    public static partial void ClientLeft(ILogger log, string requestId);

    [LoggerMessage(2, LogLevel.Error, "{RequestId}: {Fault} at {Place}")]
    public static partial void Faulted(ILogger log, string requestId, string fault, string? place);
}
