using Personalize.Fhir.FhirPath.Functions;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath;

/// <summary>Forms that constraints and search parameters are full of, bound so that they collect nothing. Each gives what the general form gives.</summary>
internal static class Shortcuts
{
    /// <summary><c>name.exists()</c>, <c>name.empty()</c>, also of <c>children()</c> and at the end of a path: children are looked for where they lie. Null for anything else.</summary>
    public static Ask? Presence(Binder binder, PathNode path)
    {
        if (path.Step is not CallNode { Arguments.IsEmpty: true, Name: "exists" or "empty" } call || Counted(binder, path.Source, 1) is not { } count)
            return null;
        var wanted = call.Name == "exists";
        return (frame, focus) => count(frame, focus) > 0 == wanted;
    }

    /// <summary><c>name.count()</c>, also of <c>children()</c> and at the end of a path, or a whole number as it is written; null for anything else.</summary>
    public static Tally? Count(Binder binder, Node node) => node switch
    {
        LiteralNode { Value: int number } => (_, _) => number,
        PathNode { Step: CallNode { Arguments.IsEmpty: true, Name: "count" } } path => Counted(binder, path.Source, int.MaxValue),
        _ => null,
    };

    /// <summary>True when <see cref="Count"/> has a form for it, which binds nothing.</summary>
    public static bool IsCount(Node node) => node switch
    {
        LiteralNode { Value: int } => true,
        PathNode { Step: CallNode { Arguments.IsEmpty: true, Name: "count" }, Source: var items } => IsCounted(items),
        _ => false,
    };

    private static bool IsCounted(Node items) => items switch
    {
        MemberNode member => !Member.MayBeType(member.Name),
        CallNode { Name: "children", Arguments.IsEmpty: true } or PathNode { Step: MemberNode } => true,
        _ => false,
    };

    private static Tally? Counted(Binder binder, Node items, int enough) => items switch
    {
        MemberNode member when !Member.MayBeType(member.Name) => Counted(new Member(member.Name), enough),
        CallNode { Name: "children", Arguments.IsEmpty: true } => AllCounted,
        PathNode { Step: MemberNode member } path => Counted(binder.Bind(path.Source), new Member(member.Name), enough),
        _ => null,
    };

    private static Tally Counted(Member member, int enough) => (frame, focus) => member.Count(frame, focus, enough);

    private static Tally Counted(Step parents, Member member, int enough) => (frame, focus) =>
    {
        var start = frame.Top;
        parents(frame, focus);
        var count = member.Count(frame, frame.From(start), enough);
        frame.Reset(start);
        return count;
    };

    private static int AllCounted(Frame frame, Slice focus)
    {
        var count = 0;
        for (var i = focus.Start; i < focus.End; i++)
            count += frame[i].IsElement ? Kin.CountAll(frame[i].Raw) : 0;
        frame.Spend(count);
        return count;
    }

    /// <summary><c>name.hasValue()</c>; null for anything else.</summary>
    public static Ask? HasValue(Binder binder, PathNode path)
    {
        if (path is not { Source: MemberNode named, Step: CallNode { Name: "hasValue", Arguments.IsEmpty: true } } || Member.MayBeType(named.Name))
            return null;
        var (member, general) = (new Member(named.Name), binder.Bind(named));
        return (frame, focus) => focus.Count == 1 && member.HasValue(frame[focus.Start]) is { } known ? known : HasValue(frame, focus, general);
    }

    /// <summary>Where it is not so simple.</summary>
    private static bool HasValue(Frame frame, Slice focus, Step general)
    {
        var start = frame.Top;
        general(frame, focus);
        var answer = FhirFunctions.HasValue(frame, frame.From(start));
        frame.Reset(start);
        return answer;
    }
}
