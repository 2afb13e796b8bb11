using System.Net;

namespace Personalize.Server.Tests.Flow;

public sealed class Groups_are_composed
{
    private static string Person(int number) => $$"""{"resourceType":"Patient","id":"p{{number}}","active":true,"birthDate":"1970-02-03"}""";

    [Fact]
    public async Task From_the_members_of_a_segment_whole_by_member_and_page_by_page()
    {
        await using var server = await FlowServer.Start();
        foreach (var number in Enumerable.Range(1, 5))
            await server.Put(Person(number));
        await server.Put("""{"resourceType":"Patient","id":"child","active":true,"birthDate":"2020-02-03"}""");
        await server.Rest();

        var group = await server.Get("Group/members-working-age-adult");
        Assert.Equal((true, 5), (group["actual"]!.GetValue<bool>(), group["quantity"]!.GetValue<int>()));
        Assert.Equal(["Patient/p1", "Patient/p2", "Patient/p3", "Patient/p4", "Patient/p5"], group["member"]!.AsArray().Select(member => member!["entity"]!["reference"]!.GetValue<string>()).Order());
        Assert.NotNull(group["member"]![0]!["period"]!["start"]);

        Assert.Contains("Group/members-working-age-adult", await server.Found("Group?member=Patient/p3"));
        Assert.Contains("Group/members-child", await server.Found("Group?member=Patient/child"));
        Assert.DoesNotContain("Group/members-working-age-adult", await server.Found("Group?member=Patient/child"));

        var (seen, next) = (new List<string>(), "Group/members-working-age-adult/$members?_count=2");
        for (var pages = 0; next is not null && pages < 5; pages++)
        {
            var page = await server.Get(next);
            seen.AddRange(page["parameter"]!.AsArray().Where(part => part!["name"]!.GetValue<string>() == "member").Select(part => part!.Text("entity")!));
            next = page["parameter"]!.AsArray().FirstOrDefault(part => part!["name"]!.GetValue<string>() == "next")?["valueUri"]!.GetValue<string>().Split("/fhir/")[1];
        }
        Assert.Null(next);
        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(HttpStatusCode.NotFound, await server.Status("Group/members-no-such-segment"));
        Assert.Equal(HttpStatusCode.BadRequest, await server.Status("Group/members-child/$members?_count=0"));
    }
}
