namespace Personalize.Fhir.Json;

/// <summary>What reading JSON works with, to be used again: rows to fill, and what is kept of each object that is open. For one thread at a time.</summary>
internal sealed class JsonScratch
{
    // A table that one huge input has grown is not kept.
    private const int KeptRows = 1 << 18;
    private const int FirstRows = 1024;

    /// <summary>Rows; a longer array takes their place when they are too few.</summary>
    public JsonToken[] Rows { get; set; } = new JsonToken[FirstRows];

    /// <summary>By depth, the row of the container that is open.</summary>
    public int[] Open { get; } = new int[JsonTree.MaxDepth];

    /// <summary>By depth, a bit for each key that was seen.</summary>
    public ulong[] Seen { get; } = new ulong[JsonTree.MaxDepth];

    /// <summary>Finds keys that stand twice.</summary>
    public JsonKeys Keys { get; } = new();

    /// <summary>Lets go of rows that are too many to be kept.</summary>
    public void Trim()
    {
        if (Rows.Length > KeptRows)
            Rows = new JsonToken[FirstRows];
    }
}
