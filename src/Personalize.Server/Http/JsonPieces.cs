using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Personalize.Server.Http;

/// <summary>JSON put together from text written here and bytes that are stored: the stored ones are passed on as they are, never copied or read again.</summary>
internal sealed class JsonPieces
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    // Pieces are slices of it: they stay what they are when it grows.
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private int _taken;

    /// <summary>Adds JSON as it is written.</summary>
    public JsonPieces Raw(string json)
    {
        Encoding.UTF8.GetBytes(json, _text);
        return this;
    }

    /// <summary>Adds JSON as it is written.</summary>
    public JsonPieces Raw(ReadOnlySpan<byte> json)
    {
        _text.Write(json);
        return this;
    }

    /// <summary>Adds a JSON string.</summary>
    public JsonPieces Quoted(string text) => Raw("\""u8).Raw(JavaScriptEncoder.Default.Encode(text)).Raw("\""u8);

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
        if (_text.WrittenCount == _taken)
            return;
        _pieces.Add(_text.WrittenMemory[_taken..]);
        _taken = _text.WrittenCount;
    }
}
