using Personalize.Engine.Record;

namespace Personalize.Engine.Content;

/// <summary>Reads a fact's Library.</summary>
internal static class FactReading
{
    private const string IdPrefix = "fact-";

    public static FactDefinition? Read(ContentReader reader)
    {
        var expression = reader.RequiredExpression(reader.Root.ExtensionValue(Canonicals.Expression), "extension('cqf-expression').value");
        var about = reader.Root.Extensions(Canonicals.Fact).Cast<Fhir.Elements.Element?>().FirstOrDefault();
        var type = TypeOf(reader, reader.RequiredIn(about, "type", "extension('fact')"));
        var url = reader.RequiredAt("url");
        return expression is null ? null : new FactDefinition(
            NameOf(reader, url), reader.RequiredAt("title"), url, reader.RequiredAt("version"), type, about?.ExtensionText("unit"), expression);
    }

    private static string NameOf(ContentReader reader, string url)
    {
        var tail = url[(url.LastIndexOf('/') + 1)..];
        if (tail.StartsWith(IdPrefix, StringComparison.Ordinal))
            return tail[IdPrefix.Length..];
        reader.Fault("The last part of the url must begin with 'fact-'.", "url");
        return tail;
    }

    private static FactType TypeOf(ContentReader reader, string code) => reader.OneOf(code, "extension('fact').extension('type').value",
        ("boolean", FactType.Boolean), ("integer", FactType.Integer), ("decimal", FactType.Decimal), ("string", FactType.String),
        ("code", FactType.Code), ("date", FactType.Date), ("Quantity", FactType.Quantity));
}
