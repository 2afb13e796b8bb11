namespace Personalize.Server;

/// <summary>Everything that the server logs. Never content of resources, never search parameters.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{RequestId}: the client left before the answer")]
    public static partial void ClientLeft(ILogger log, string requestId);

    [LoggerMessage(2, LogLevel.Error, "{RequestId}: {Fault} at {Place}")]
    public static partial void Faulted(ILogger log, string requestId, string fault, string? place);

    [LoggerMessage(3, LogLevel.Information, "Listening: {FhirBase}")]
    public static partial void Listening(ILogger log, string fhirBase);

    [LoggerMessage(20, LogLevel.Error, "Content cannot be used, what was known stays in force: {Places}")]
    public static partial void BadContent(ILogger log, string places);

    [LoggerMessage(21, LogLevel.Error, "A turn of the flow failed ({Fault} at {Place}); it is taken again")]
    public static partial void TurnFailed(ILogger log, string fault, string? place);

    [LoggerMessage(22, LogLevel.Warning, "A patient could not be worked out ({Fault}: {Places}); it is tried again later")]
    public static partial void PatientFailed(ILogger log, string fault, string places);

    [LoggerMessage(23, LogLevel.Warning, "Unknown because it could not be worked out: {Fault}")]
    public static partial void NotWorkedOut(ILogger log, string fault);
}
