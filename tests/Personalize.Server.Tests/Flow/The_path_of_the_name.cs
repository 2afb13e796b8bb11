namespace Personalize.Server.Tests.Flow;

public sealed class The_path_of_the_name
{
    private const string Person = """{"resourceType":"Patient","id":"ada","active":true,"birthDate":"1980-02-03","name":[{"family":"Example"}]}""";

    private static string Reply(int days) => $$"""
        {"resourceType":"Communication","status":"completed","medium":[{"coding":[{"system":"https://personalize-fhir.org/fhir/CodeSystem/channel","code":"sms"}]}],
         "subject":{"reference":"Patient/ada"},"sender":{"reference":"Patient/ada"},"sent":"{{FlowServer.Ago(days)}}","payload":[{"contentString":"Yes"}]}
        """;

    private static string VideoVisit(int days) => $$"""
        {"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"VR"},
         "subject":{"reference":"Patient/ada"},"period":{"start":"{{FlowServer.Ago(days)}}","end":"{{FlowServer.Ago(days, "10:20:00-05:00")}}"} }
        """;

    private static string Wish(string system, string code) => $$"""
        {"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://hl7.org/fhir/us/core/CodeSystem/us-core-category","code":"care-experience-preference"}]}],
         "code":{"coding":[{"system":"http://loinc.org","code":"95541-9"}]},"subject":{"reference":"Patient/ada"},"effectiveDateTime":"{{FlowServer.Ago(0)}}",
         "valueCodeableConcept":{"coding":[{"system":"https://personalize-fhir.org/fhir/CodeSystem/{{system}}","code":"{{code}}"}]} }
        """;

    [Fact]
    public async Task Replies_and_visits_show_what_a_person_prefers_until_the_person_says_otherwise()
    {
        await using var server = await FlowServer.Start();
        await server.Put(Person);
        string[] replies = [await server.Post(Reply(40)), await server.Post(Reply(20)), await server.Post(Reply(3))];
        string[] visits = [await server.Post(VideoVisit(60)), await server.Post(VideoVisit(30))];
        await server.Rest();

        Assert.Equal(["Patient/ada"], await server.Found("Patient?preferred-channel=sms"));
        Assert.Equal(["Patient/ada"], await server.Found("Patient?preferred-visit-mode=video"));
        var channel = Assert.Single(await server.Why("ada", "preference", "channel.care"));
        Assert.Equal("observed", channel.Text("source"));
        Assert.Equal(replies.Order(StringComparer.Ordinal), channel.Used());
        var mode = Assert.Single(await server.Why("ada", "preference", "visit-mode"));
        Assert.Equal("observed", mode.Text("source"));
        Assert.Equal(visits.Order(StringComparer.Ordinal), mode.Used());

        var wish = await server.Post(Wish("channel", "phone"));
        await server.Post(Wish("visit-mode", "in-person"));
        await server.Rest();

        Assert.Empty(await server.Found("Patient?preferred-channel=sms"));
        Assert.Equal(["Patient/ada"], await server.Found("Patient?preferred-channel=phone"));
        Assert.Equal(["Patient/ada"], await server.Found("Patient?preferred-visit-mode=in-person"));
        channel = Assert.Single(await server.Why("ada", "preference", "channel.care"));
        Assert.Equal(("stated", "true"), (channel.Text("source"), channel.Text("holds")));
        Assert.Equal([wish], channel.Used());
    }
}
