namespace Personalize.Fhir.Json;

/// <summary>A place in a document from which JSON was made.</summary>
/// <param name="Offset">Where in the JSON the value begins that was made of it, in bytes.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal readonly record struct SourcePlace(int Offset, int Line, int Column);

/// <summary>Where the values of a JSON stood in the document from which it was made.</summary>
/// <param name="places">In the order of the offsets.</param>
/// <param name="start">How many bytes of that JSON are passed over: a value that is cut out of it is a JSON of its own.</param>
internal sealed class SourcePlaces(SourcePlace[] places, int start = 0)
{
    /// <summary>The place of the value that begins there, or of the last one before.</summary>
    public (int Line, int Column) At(int offset)
    {
        var (low, high) = (0, places.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (places[middle].Offset <= start + offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? (1, 1) : (places[low - 1].Line, places[low - 1].Column);
    }

    /// <summary>The places for what is cut out from that offset on.</summary>
    public SourcePlaces From(int offset) => new(places, start + offset);
}
