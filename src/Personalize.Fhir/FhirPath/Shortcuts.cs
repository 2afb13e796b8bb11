using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath;

/// <summary>Forms that constraints and search parameters are full of, bound to steps that collect nothing. Each gives what the general form gives.</summary>
internal static class Shortcuts
{
    /// <summary><c>name.exists()</c>, <c>name.empty()</c>, <c>name.count()</c>, <c>children().count()</c>, also at the end of a path: children are counted where they lie. Null for anything else.</summary>
    public static Step? Presence(Binder binder, PathNode path)
    {
        if (path.Step is not CallNode { Arguments.IsEmpty: true, Name: "exists" or "empty" or "count" } call)
            return null;
        return path.Source switch
        {
            MemberNode member when !Member.MayBeType(member.Name) => Counted(null, new Member(member.Name), call.Name),
            CallNode { Name: "children", Arguments.IsEmpty: true } => AllCounted(call.Name),
            PathNode { Step: MemberNode member } source => Counted(binder.Bind(source.Source), new Member(member.Name), call.Name),
            _ => null,
        };
    }

    /// <summary><c>name.hasValue()</c> of one item; null for anything else. <paramref name="general"/> answers where it is not so simple.</summary>
    public static Step? HasValue(PathNode path, Step general)
    {
        if (path is not { Source: MemberNode named, Step: CallNode { Name: "hasValue", Arguments.IsEmpty: true } } || Member.MayBeType(named.Name))
            return null;
        var member = new Member(named.Name);
        return (frame, focus) =>
        {
            if (focus.Count == 1 && member.HasValue(frame[focus.Start]) is { } known)
                frame.Push(known);
            else
                general(frame, focus);
        };
    }

    private static Step AllCounted(string function) => (frame, focus) =>
    {
        var count = 0;
        for (var i = focus.Start; i < focus.End; i++)
            count += frame[i].Element is { } parent ? Kin.CountAll(parent) : 0;
        frame.Spend(count);
        Push(frame, count, function);
    };

    private static void Push(Frame frame, int count, string function)
    {
        if (function == "count")
            frame.Push(count);
        else
            frame.Push(count > 0 == (function == "exists"));
    }

    private static Step Counted(Step? parents, Member member, string function)
    {
        var enough = function == "count" ? int.MaxValue : 1;
        return (frame, focus) =>
        {
            var start = frame.Top;
            parents?.Invoke(frame, focus);
            var count = member.Count(frame, parents is null ? focus : frame.From(start), enough);
            frame.Reset(start);
            Push(frame, count, function);
        };
    }
}
