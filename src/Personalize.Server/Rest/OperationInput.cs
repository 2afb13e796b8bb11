using System.Globalization;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Rest;

/// <summary>The parameters of an operation, out of the URL or out of posted Parameters. Source: FHIR R4, Operations, 3.2.0.5.</summary>
internal sealed class OperationInput
{
    private readonly List<KeyValuePair<string, string>> _texts;
    private readonly List<Element> _posted;

    private OperationInput(List<KeyValuePair<string, string>> texts, List<Element> posted) => (_texts, _posted) = (texts, posted);

    /// <summary>Reads them. Fails with <see cref="Failure.Invalid"/> on a body that is not Parameters, and on a parameter that is not among the known ones.</summary>
    public static Outcome<OperationInput> Read(RestRequest request, params string[] known)
    {
        var posted = new List<Element>();
        if (!request.Body.IsEmpty)
        {
            if (!request.Content().TryGet(out var body, out var failure))
                return failure;
            if (body.Type != "Parameters")
                return new Failure.Invalid("An operation takes Parameters.", "resourceType");
            posted.AddRange(body.Root.Children("parameter"));
        }
        var texts = request.Query.Where(p => p.Key is not ("_format" or "_pretty")).ToList();
        texts.AddRange(posted.Select(p => (Name: Name(p), p.Child("value")?.Text)).Where(p => p.Text is not null).Select(p => new KeyValuePair<string, string>(p.Name, p.Text!)));
        return texts.Select(p => p.Key).Concat(posted.Select(Name)).All(known.Contains)
            ? new OperationInput(texts, posted)
            : new Failure.Invalid([Issue.Error("not-supported", $"This operation takes the parameters {string.Join(", ", known)}.")]);
    }

    /// <summary>The text of a parameter that is a primitive; null when it is not given.</summary>
    public string? Text(string name) => _texts.FirstOrDefault(p => p.Key == name).Value;

    /// <summary>All that are primitives, those of the URL first.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => _texts;

    /// <summary>The text of a parameter, or a failure that names it.</summary>
    public Outcome<string> Required(string name) => Text(name) is { Length: > 0 } text ? text : new Failure.Invalid([Issue.Error("required", $"The parameter {name} is missing.")]);

    /// <summary>A number from 0 on; null when it is not given.</summary>
    public Outcome<Limit> Number(string name)
    {
        if (Text(name) is not { } text)
            return new Limit(null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new Limit(number) : new Failure.Invalid($"The parameter {name} is a number from 0 on.");
    }

    /// <summary>The value of a parameter that is no primitive.</summary>
    public Element? Value(string name) => _posted.Where(p => Name(p) == name).Select(p => p.Child("value")).FirstOrDefault(value => value is not null);

    /// <summary>The resource of a posted parameter; null when there is none.</summary>
    public Element? Resource(string name) => _posted.Where(p => Name(p) == name).Select(p => p.Child("resource")).FirstOrDefault(resource => resource is not null);

    private static string Name(Element parameter) => parameter.Child("name")?.Text ?? "";
}

/// <summary>A number that may be left out.</summary>
/// <param name="Value">The number; null when it is not given.</param>
internal sealed record Limit(int? Value);
