using System.Globalization;
using Personalize.Fhir.Elements;

namespace Personalize.Fhir.Patch;

/// <summary>The parts of one operation of a FHIRPath Patch.</summary>
internal sealed class PatchParts(Element parameter)
{
    /// <summary>True when the parameter is called <c>operation</c>.</summary>
    public bool IsOperation => parameter.Child("name")?.Text == "operation";

    /// <summary>What is to be done.</summary>
    public string? Type => Text("type");

    /// <summary>The part that bears the value.</summary>
    public Element? Value => Part("value");

    /// <summary>The text of a part that is a primitive.</summary>
    public string? Text(string name) => Part(name)?.Child("value")?.Text;

    /// <summary>The number of a part.</summary>
    public int? Number(string name) => int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private Element? Part(string name)
    {
        foreach (var part in parameter.Children("part"))
            if (part.Child("name")?.Text == name)
                return part;
        return null;
    }
}
