using System.Text;
using System.Text.Json;

namespace Personalize.Server.Http;

/// <summary>JSON put together from text written here and bytes that are stored: the stored ones are passed on as they are, never copied or read again.</summary>
internal sealed class JsonPieces
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private readonly StringBuilder _text = new();

    /// <summary>Adds JSON as it is written.</summary>
    public JsonPieces Raw(string json)
    {
        _text.Append(json);
        return this;
    }

    /// <summary>Adds a JSON string.</summary>
    public JsonPieces Quoted(string text)
    {
        _text.Append('"').Append(JsonEncodedText.Encode(text)).Append('"');
        return this;
    }

    /// <summary>Adds stored JSON.</summary>
    public JsonPieces Stored(ReadOnlyMemory<byte> json)
    {
        Flush();
        _pieces.Add(json);
        return this;
    }

    /// <summary>Adds the pieces of another body.</summary>
    public JsonPieces Stored(IReadOnlyList<ReadOnlyMemory<byte>> body)
    {
        Flush();
        _pieces.AddRange(body);
        return this;
    }

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Body()
    {
        Flush();
        return _pieces;
    }

    private void Flush()
    {
        if (_text.Length == 0)
            return;
        _pieces.Add(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }
}
