using Personalize.Fhir.Elements;

namespace Personalize.Fhir.FhirPath.Operators;

/// <summary>Compares elements by their children, whatever the order of the names in the bytes.</summary>
internal static class Deep
{
    public delegate bool? Comparison(in PathValue left, in PathValue right);

    /// <summary>Same children under the same names in the same order; two primitives without value have their extensions compared.</summary>
    public static bool? Same(Element left, Element right, Comparison compare)
    {
        if (left.HasValue || right.HasValue)
            return left.Text == right.Text;
        var (inOrder, same) = Lockstep(left.Children(), right.Children(), compare);
        return inOrder ? same : Lockstep(Sorted(left), Sorted(right), compare).Same;
    }

    /// <summary>Not in order means that different names stand side by side; the answer is false then.</summary>
    private static (bool InOrder, bool? Same) Lockstep(IEnumerable<Element> left, IEnumerable<Element> right, Comparison compare)
    {
        using var ours = left.GetEnumerator();
        using var theirs = right.GetEnumerator();
        bool? all = true;
        while (ours.MoveNext())
        {
            if (!theirs.MoveNext())
                return (true, false);
            if (ours.Current.Name != theirs.Current.Name)
                return (false, false);
            var same = compare(new PathValue(ours.Current), new PathValue(theirs.Current));
            if (same == false)
                return (true, false);
            all &= same;
        }
        return (true, theirs.MoveNext() ? false : all);
    }

    // A stable order keeps repetitions as they are.
    private static IEnumerable<Element> Sorted(Element parent) => parent.Children().OrderBy(c => c.Name, StringComparer.Ordinal);
}
