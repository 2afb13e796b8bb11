using Personalize.Engine.Record;
using Personalize.Fhir.Elements;

namespace Personalize.Engine.Content;

/// <summary>Reads a preference's Library.</summary>
internal static class PreferenceReading
{
    private const string Place = "extension('preference-source')";

    public static PreferenceDefinition Read(ContentReader reader)
    {
        var kind = reader.Required(reader.Root.ExtensionText(Canonicals.PreferenceKind), "extension('preference-kind').value");
        var sources = reader.Root.Extensions(Canonicals.PreferenceSource).Select(source => SourceOf(reader, source)).OfType<PreferenceSource>();
        return new PreferenceDefinition(
            kind, reader.RequiredAt("title"), reader.RequiredAt("url"), reader.RequiredAt("version"),
            ContentReader.Texts(reader.Root.Extensions(Canonicals.PreferenceTopic)), [.. sources]);
    }

    private static PreferenceSource? SourceOf(ContentReader reader, Element source)
    {
        var name = reader.RequiredIn(source, "source", Place);
        if (name is not ("stated" or "observed" or "default" or ""))
            reader.Fault("The source must be stated, observed or default.", Place + ".extension('source').value");
        var values = reader.RequiredExpression(source.ExtensionValue("values"), Place + ".extension('values').value");
        var date = reader.OptionalExpression(source.ExtensionValue("date"), Place + ".extension('date').value");
        return values is null ? null : new PreferenceSource(name, source.ExtensionText("topic"), values, date, reader.RequiredIn(source, "text", Place));
    }
}
