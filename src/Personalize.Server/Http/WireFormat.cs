namespace Personalize.Server.Http;

/// <summary>In which format an answer goes out.</summary>
public enum WireFormat
{
    /// <summary>JSON.</summary>
    Json,
    /// <summary>XML.</summary>
    Xml,
}

/// <summary>How an answer is written.</summary>
/// <param name="Format">The format.</param>
/// <param name="Pretty">True for one element a line (<c>_pretty=true</c>).</param>
public sealed record Layout(WireFormat Format, bool Pretty)
{
    /// <summary>JSON as it is.</summary>
    public static Layout Plain { get; } = new(WireFormat.Json, false);
}
