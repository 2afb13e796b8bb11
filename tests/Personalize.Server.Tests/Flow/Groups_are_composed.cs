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

    [Fact]
    public async Task And_found_by_what_they_are_behind_the_stored_ones()
    {
        await using var server = await FlowServer.Start();
        foreach (var number in Enumerable.Range(1, 3))
            await server.Put(Person(number));
        await server.Rest();

        Assert.Equal(["Group/segment-child", "Group/members-child"], await server.Found("Group?code=child"));
        Assert.Equal(["Group/segment-child", "Group/members-child"], await server.Found($"Group?code={FlowServer.Root}/CodeSystem/segment|child"));
        Assert.Equal(["Group/members-child"], await server.Found("Group?code=child&actual=true"));
        Assert.Equal(["Group/segment-child"], await server.Found("Group?code=child&actual=false"));
        Assert.Equal(["Group/segment-child", "Group/members-child"], await server.Found("Group?_id=members-child,segment-child"));
        Assert.Empty(await server.Found("Group?code=child&actual=true&member:missing=false"));
        Assert.Equal(["Group/members-working-age-adult"], await server.Found("Group?member=Patient/p1,Patient/p2&code=working-age-adult"));
        var adults = (await server.Get("Group?code=working-age-adult&actual=true"))["entry"]![0]!["resource"]!;
        Assert.Equal(3, adults["quantity"]!.GetValue<int>());
        Assert.Null(adults["member"]);
        var mine = (await server.Get("Group?code=working-age-adult&member=p1,p2"))["entry"]![0]!["resource"]!;
        Assert.Equal(["Patient/p1", "Patient/p2"], mine["member"]!.AsArray().Select(member => member!["entity"]!["reference"]!.GetValue<string>()));
    }

    [Fact]
    public async Task On_pages_of_the_size_that_was_asked_for()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person(1));
        await server.Rest();
        var segments = (await server.Get("Group?actual=false&_summary=count"))["total"]!.GetValue<int>();
        Assert.Equal(2 * segments, (await server.Get("Group?_summary=count"))["total"]!.GetValue<int>());
        var seen = new List<string>();
        for (string? next = "Group?_count=5&type=person"; next is not null;)
        {
            var page = await server.Get(next);
            Assert.InRange(page["entry"]!.AsArray().Count, 1, 5);
            seen.AddRange(page["entry"]!.AsArray().Select(entry => entry!["resource"]!["id"]!.GetValue<string>()));
            next = page["link"]!.AsArray().FirstOrDefault(link => link!["relation"]!.GetValue<string>() == "next")?["url"]!.GetValue<string>().Split("/fhir/")[1];
        }
        Assert.Equal(2 * segments, seen.Distinct().Count());
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task And_never_written_over()
    {
        await using var server = await FlowServer.Start();
        const string Group = """{"resourceType":"Group","id":"members-child","type":"person","actual":true}""";
        using var put = await server.Send(HttpMethod.Put, "Group/members-child", Group);
        Assert.Equal(HttpStatusCode.Conflict, put.StatusCode);
        using var bundle = await server.Send(HttpMethod.Post, "", $$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{Group}},"request":{"method":"PUT","url":"Group/members-child"} }]}""");
        Assert.Equal(HttpStatusCode.Conflict, bundle.StatusCode);
        Assert.Equal(["Group/segment-child", "Group/members-child"], await server.Found("Group?code=child"));
    }
}
