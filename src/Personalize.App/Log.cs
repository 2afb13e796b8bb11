using Microsoft.Extensions.Logging;

namespace Personalize.App;

/// <summary>What the pages log: never what a resource says, nor anything out of a request.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A page failed.")]
    public static partial void PageFailed(ILogger logger, Exception trouble);
}
