using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Personalize.Engine.Content;
using Personalize.Engine.Preferences;
using Personalize.Engine.Record;
using Personalize.Engine.Segments;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Writing;

/// <summary>Puts segments and preferences on the Patient as extensions, byte for byte beside everything else.</summary>
public static class PatientEdit
{
    /// <summary>True for the extensions that the engine alone writes.</summary>
    public static bool IsDerived(string url) => url is Canonicals.PatientSegment or Canonicals.PatientPreference;

    /// <summary>The Patient's new bytes, or null when it bears just these results already.</summary>
    public static ReadOnlyMemory<byte>? Apply(Resource patient, IEnumerable<SegmentResult> segments, IEnumerable<PreferenceResult> preferences)
    {
        ImmutableArray<ReadOnlyMemory<byte>> wanted =
        [
            .. segments.Where(segment => segment.Holds == true).Select(segment => Json(writer => Write(writer, segment))),
            .. preferences.SelectMany(preference => preference.Values.Select((value, index) => Json(writer => Write(writer, preference, value, index + 1)))),
        ];
        var bytes = Edit.WithExtensions(patient, IsDerived, wanted);
        if (Derived(patient).SequenceEqual(Derived(Resource.Parse(bytes).Value)))
            return null;
        return bytes;
    }

    private static IEnumerable<string> Derived(Resource patient) =>
        patient.Root.Children("extension").Where(extension => IsDerived(extension.TextAt("url") ?? "")).Select(Print);

    private static string Print(Element element) => $"{element.Name}:{element.Type.Name}={element.Text}({string.Join(',', element.Children().Select(Print))})";

    private static void Write(Utf8JsonWriter writer, SegmentResult segment) => Complex(writer, Canonicals.PatientSegment, () =>
    {
        WriteCoded(writer, "code", new Coded(Canonicals.SegmentSystem, segment.Definition.Code, segment.Definition.Title));
        Simple(writer, "since", "valueDate", segment.Since!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Simple(writer, "definition", "valueCanonical", $"{segment.Definition.Url}|{segment.Definition.Version}");
    });

    private static void Write(Utf8JsonWriter writer, PreferenceResult preference, Coded value, int rank) => Complex(writer, Canonicals.PatientPreference, () =>
    {
        Simple(writer, "kind", "valueCode", preference.Definition.Kind);
        if (preference.Topic is { } topic)
            Simple(writer, "topic", "valueCode", topic);
        WriteCoded(writer, "value", value);
        WriteRank(writer, rank);
        Simple(writer, "source", "valueCode", preference.Source!.Source);
        if (preference.Date is { } date)
            Simple(writer, "date", "valueDate", date);
    });

    private static void Complex(Utf8JsonWriter writer, string url, Action parts)
    {
        writer.WriteStartObject();
        writer.WriteString("url", url);
        writer.WriteStartArray("extension");
        parts();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Simple(Utf8JsonWriter writer, string url, string property, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("url", url);
        writer.WriteString(property, text);
        writer.WriteEndObject();
    }

    private static void WriteRank(Utf8JsonWriter writer, int rank)
    {
        writer.WriteStartObject();
        writer.WriteString("url", "rank");
        writer.WriteNumber("valuePositiveInt", rank);
        writer.WriteEndObject();
    }

    private static void WriteCoded(Utf8JsonWriter writer, string url, Coded value)
    {
        writer.WriteStartObject();
        writer.WriteString("url", url);
        writer.WriteStartObject("valueCoding");
        if (value.System is { } system)
            writer.WriteString("system", system);
        writer.WriteString("code", value.Code);
        if (value.Display is { } display)
            writer.WriteString("display", display);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
            write(writer);
        return bytes.WrittenMemory;
    }
}
