using System.Buffers;
using System.Text;
using System.Text.Json;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>Writes what an expression gave as Parameters: a <c>result</c> for each value, in order, with a part named by the value's FHIRPath type.
/// Where the value lies in the resource stands in the extension that FHIRPath engines share; an element that no <c>value[x]</c> can hold is told as JSON in another of them.</summary>
internal sealed class FhirPathResults : IDisposable
{
    private const string PathUrl = "http://fhir.forms-lab.com/StructureDefinition/resource-path";
    private const string JsonUrl = "http://fhir.forms-lab.com/StructureDefinition/json-value";

    private static readonly HashSet<string> _holdable = [.. FhirSchema.R4.Type("Parameters.parameter")!.Element("value")!.Types.Select(t => t.Name)];

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;
    private bool _any;

    public FhirPathResults()
    {
        _json = new Utf8JsonWriter(_bytes);
        _json.WriteStartObject();
        _json.WriteString("resourceType", "Parameters");
        _json.WriteStartArray("parameter");
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>Adds results; <paramref name="context"/> is the path of the item that they were asked of, null when none was named.</summary>
    public FhirPathResults Add(PathValues values, string? context)
    {
        foreach (var value in values.Items)
            Group("result", context is null ? null : ("context", context), [value]);
        return this;
    }

    /// <summary>Adds what <c>trace(name)</c> saw.</summary>
    public void Trace(string name, PathValues values) => Group("trace", ("name", name), values.Items);

    /// <summary>200 with all of them.</summary>
    public Answer Answer()
    {
        // An array without items is no FHIR.
        if (!_any)
            return Http.Answer.Ok(Empty.ToArray());
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return Http.Answer.Ok(_bytes.WrittenMemory);
    }

    private static ReadOnlySpan<byte> Empty => "{\"resourceType\":\"Parameters\"}"u8;

    private void Group(string name, (string Name, string Value)? first, IReadOnlyList<PathValue> values)
    {
        _any = true;
        _json.WriteStartObject();
        _json.WriteString("name", name);
        _json.WriteStartArray("part");
        if (first is var (label, text))
            Named(label, text);
        foreach (var value in values)
            Part(value);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void Named(string name, string text)
    {
        _json.WriteStartObject();
        _json.WriteString("name", name);
        _json.WriteString("valueString", text);
        _json.WriteEndObject();
    }

    private void Part(PathValue value)
    {
        _json.WriteStartObject();
        if (value.Element is { } element)
            OfElement(element);
        else
            OfSystem(value);
        _json.WriteEndObject();
    }

    private void OfElement(Element element)
    {
        var isHeld = element.Type.IsResource || _holdable.Contains(element.Type.Name);
        Extensions((PathUrl, element.Location()), isHeld || element.Json.IsEmpty ? null : (JsonUrl, Encoding.UTF8.GetString(element.Json.Span)));
        _json.WriteString("name", element.Type.Name);
        if (!isHeld)
            return;
        var property = element.Type.IsResource ? "resource" : "value" + char.ToUpperInvariant(element.Type.Name[0]) + element.Type.Name[1..];
        Raw(property, element.Json);
        Raw("_" + property, element.TwinJson);
    }

    private void Raw(string name, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return;
        _json.WritePropertyName(name);
        _json.WriteRawValue(json.Span, skipInputValidation: true);
    }

    private void Extensions(params (string Url, string Text)?[] extensions)
    {
        _json.WriteStartArray("extension");
        foreach (var extension in extensions)
        {
            if (extension is not var (url, text))
                continue;
            _json.WriteStartObject();
            _json.WriteString("url", url);
            _json.WriteString("valueString", text);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void OfSystem(PathValue value)
    {
        _json.WriteString("name", value.TypeName);
        switch (value.Value)
        {
            case bool truth:
                _json.WriteBoolean("valueBoolean", truth);
                break;
            case int whole:
                _json.WriteNumber("valueInteger", whole);
                break;
            case long or decimal:
                _json.WritePropertyName("valueDecimal");
                _json.WriteRawValue(value.ToString());
                break;
            case Quantity quantity:
                OfQuantity(quantity);
                break;
            default:
                _json.WriteString(PropertyOf(value.Value), value.ToString());
                break;
        }
    }

    // FHIRPath knows times less far than FHIR may write them: those are told as text.
    private static string PropertyOf(object? value) => value switch
    {
        FhirDate => "valueDate",
        FhirDateTime { Precision: <= TemporalPrecision.Day } or FhirDateTime { Precision: >= TemporalPrecision.Second, Offset: not null } => "valueDateTime",
        FhirTime { Precision: >= TemporalPrecision.Second } => "valueTime",
        _ => "valueString",
    };

    private void OfQuantity(Quantity quantity)
    {
        _json.WriteStartObject("valueQuantity");
        _json.WriteNumber("value", quantity.Value);
        _json.WriteString("unit", quantity.Unit);
        if (CalendarUnits.OfWord(quantity.Unit) is null)
        {
            _json.WriteString("system", "http://unitsofmeasure.org");
            _json.WriteString("code", quantity.Unit);
        }
        _json.WriteEndObject();
    }
}
