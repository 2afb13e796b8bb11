using System.Collections.Immutable;
using System.Globalization;
using Personalize.Engine.Content;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Rest;

/// <summary><c>Group/members-CODE/$members</c>: the members of a segment page by page.</summary>
internal static class GroupMembers
{
    private const string Definition = Canonicals.Root + "/OperationDefinition/group-members";
    private const int DefaultCount = 100;
    private const int MostCount = 10_000;

    /// <summary>The operation: <c>_count</c> from 1 to 10,000 (100 when not said), <c>_after</c> as the page before said in <c>next</c>.</summary>
    public static Operation Of(Groups groups) => new("members", "Group", OperationLevel.Instance, Definition, ReadsOnly: true, async (request, ct) =>
    {
        if (groups.SegmentOf(request.Target.Id!) is not { } segment)
            return new Failure.Missing("There is no segment whose members these would be.");
        if (!Count(request.Query).TryGet(out var count, out var failure))
            return failure;
        var address = $"{request.FhirBase}Group/{request.Target.Id}/$members?_count={count.ToString(CultureInfo.InvariantCulture)}&_after=";
        return (await groups.Page(request.Access, segment, Value(request.Query, "_after"), count, place => address + Uri.EscapeDataString(place), ct)).Select(Http.Answer.Ok);
    });

    private static Outcome<int> Count(ImmutableArray<KeyValuePair<string, string>> query)
    {
        if (query.Any(parameter => parameter.Key is not ("_count" or "_after" or "_format" or "_pretty")))
            return new Failure.Invalid("$members takes the parameters _count and _after.");
        if (Value(query, "_count") is not { } text)
            return DefaultCount;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostCount
            ? count
            : new Failure.Invalid("The parameter _count is a number from 1 to 10000.");
    }

    private static string? Value(ImmutableArray<KeyValuePair<string, string>> query, string name) =>
        query.FirstOrDefault(parameter => parameter.Key == name).Value;
}
