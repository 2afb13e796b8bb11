using System.Text;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Validation.Profiles;

/// <summary>R4's own rules for a type, printed as those of a profile are.</summary>
public static class TypeText
{
    /// <summary>One line for each element, indented by its depth, backbone elements with what is in them; the marks are those of <see cref="ProfileCompiler"/>.</summary>
    public static string Of(FhirType type)
    {
        var text = new StringBuilder().Append(ProfileCompiler.Definitions).Append(type.Name).Append('\n').Append("  ").Append(type.Name);
        for (var at = type; at is not null; at = at.Base)
            Constraints(at.Constraints, text);
        text.Append('\n');
        Elements(type, 2, text);
        return text.ToString();
    }

    private static void Elements(FhirType type, int depth, StringBuilder text)
    {
        foreach (var element in type.Elements)
        {
            text.Append(' ', depth * 2).Append(element.Name).Append(' ').Append(element.Min).Append("..").Append(element.Max == int.MaxValue ? "*" : element.Max).Append(" :").AppendJoin(' ', element.Types);
            if (element.Targets.Count > 0)
                text.Append('(').AppendJoin(',', element.Targets).Append(')');
            if (element.ValueSet is { } set)
                text.Append(" @").Append(element.BindingStrength).Append(' ').Append(set);
            Constraints(element.Constraints, text);
            text.Append('\n');
            // A backbone element that is its own content (Bundle.entry.link is Bundle.link) is shown where it is defined.
            if (element.Types is [{ Kind: FhirTypeKind.Backbone } inner] && inner.Name == element.Path)
                Elements(inner, depth + 1, text);
        }
    }

    private static void Constraints(IReadOnlyList<ConstraintDef> constraints, StringBuilder text)
    {
        foreach (var constraint in constraints)
            text.Append(' ').Append(constraint.Severity == "error" ? '!' : '?').Append(constraint.Key).Append(": ").Append(constraint.Expression);
    }
}
