using System.Text;
using System.Text.Json;

namespace Personalize.Server.Tests.Rest;

/// <summary>Two hundred bodies that no server should take, made from a table: each is answered, none is stored.</summary>
public sealed class Malformed_bodies
{
    private const string Good = """{"resourceType":"Patient","id":"p","active":true,"gender":"female","birthDate":"1980-01-01","name":[{"use":"official","family":"F","given":["G"]}],"multipleBirthInteger":2,"contact":[{"telecom":[{"system":"phone","value":"1"}]}]}""";

    [Fact]
    public async Task Get_a_4xx_with_an_outcome_and_leave_nothing_behind()
    {
        await using var server = await RunningServer.Start(s => s with { MaxBody = "4MB" });
        (await server.Http.Ask("PUT", "Patient/p", Good)).EnsureSuccessStatusCode();
        await server.AtRest();
        var store = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Store.IResourceStore>(server.Services);
        var (t, counts) = (store.T, await store.Counts(TestContext.Current.CancellationToken));
        var bodies = All().ToList();
        Assert.True(bodies.Count >= 200, $"{bodies.Count} bodies");
        foreach (var (name, body) in bodies)
        {
            await Refused(server, "PUT", "Patient/p", name, body);
            await Refused(server, "POST", "", name + " as a bundle", body);
        }
        Assert.Equal(t, store.T);
        Assert.Equal(counts.ByType, (await store.Counts(TestContext.Current.CancellationToken)).ByType);
    }

    [Fact]
    public async Task Made_by_chance_never_make_the_server_fail()
    {
        await using var server = await RunningServer.Start();
        var chance = new Random(20260101);
        var good = Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"batch","entry":[{"fullUrl":"urn:uuid:1d3a1c0e-0f4b-4f0b-9a53-0b6a1a0f6c01","resource":{{Good}},"request":{"method":"PUT","url":"Patient/p","ifMatch":"W/\"1\""} },{"resource":{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"Patient?identifier=a|b"} },"request":{"method":"POST","url":"Basic","ifNoneExist":"identifier=a|b"} }]}""");
        for (var body = 0; body < 500; body++)
        {
            var bytes = good.ToList();
            for (var change = chance.Next(1, 4); change > 0; change--)
                Spoil(bytes, chance);
            using var response = await server.Http.Ask("POST", "", [.. bytes]);
            Assert.True((int)response.StatusCode < 500, Encoding.Latin1.GetString([.. bytes]));
            Assert.All((await response.Json()).Entries(), e => Assert.False(e.GetProperty("response").GetProperty("status").GetString()!.StartsWith('5')));
        }
    }

    private static void Spoil(List<byte> bytes, Random chance)
    {
        var at = chance.Next(bytes.Count);
        if (chance.Next(3) == 0)
            bytes.RemoveRange(at, Math.Min(chance.Next(1, 20), bytes.Count - at));
        else if (chance.Next(2) == 0)
            bytes[at] = (byte)chance.Next(256);
        else
            bytes.InsertRange(at, "{}[]\",:0"u8[chance.Next(8)..]);
    }

    private static async Task Refused(RunningServer server, string method, string path, string name, byte[] body)
    {
        using var response = await server.Http.Ask(method, path, body);
        Assert.True((int)response.StatusCode is >= 400 and < 500, $"{name}: {response.StatusCode}");
        var outcome = await response.Json();
        Assert.True(outcome.GetProperty("resourceType").GetString() == "OperationOutcome" && outcome.GetProperty("issue").GetArrayLength() > 0, name);
        Assert.NotEqual("exception", outcome.GetProperty("issue")[0].GetProperty("code").GetString());
    }

    private static IEnumerable<(string Name, byte[] Body)> All() =>
        [.. BrokenJson(), .. BrokenBytes(), .. WrongValues(), .. WrongShapes(), .. Deep(), .. Large()];

    private static (string, byte[]) Of(string name, string body) => (name, Encoding.UTF8.GetBytes(body));

    private static IEnumerable<(string, byte[])> BrokenJson()
    {
        for (var cut = 0; cut < Good.Length; cut += 4)
            yield return Of($"cut at {cut}", Good[..cut]);
        foreach (var text in (string[])["null", "true", "1", "\"x\"", "[]", "[{}]", "{}", "{", "}", "{]", "{\"resourceType\"}", "{'resourceType':'Patient'}", "{\"resourceType\":\"Patient\",}", "{,}", "NaN",
            "{\"resourceType\":Patient}", "{\"resourceType\":\"Patient\"}{}", "{\"resourceType\":\"Patient\"} x", "{\"resourceType\":\"Patient\" \"id\":\"p\"}", "{\"resourceType\":\"Patient\",\"id\":\"p\\x\"}",
            "{\"resourceType\":\"Patient\",\"id\":\"p\\u12\"}", "{\"resourceType\":\"Patient\",\"id\":\"p\n\"}", "{\"resourceType\":\"Patient\",\"active\":TRUE}", "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":01}",
            "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":1.}", "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":+1}", "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":1e}", "/* c */{\"resourceType\":\"Patient\"}",
            "{\"resourceType\":\"Patient\",\"id\":\"p\",\"id\":\"p\"}", "{\"resourceType\":\"Patient\",\"resourceType\":\"Patient\"}", "{\"resourceType\":\"patient\"}", "{\"resourceType\":\"Resource\"}", "{\"resourceType\":1}", "{\"resourceType\":null}", "<Patient/>"])
            yield return Of(text, text);
    }

    private static IEnumerable<(string, byte[])> BrokenBytes()
    {
        foreach (var bytes in (byte[][])[[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xC3, 0x28], [0xF0, 0x9F, 0x92], [0x00], [0x1F]])
            yield return ($"bytes {Convert.ToHexString(bytes)}", [.. Encoding.UTF8.GetBytes("""{"resourceType":"Patient","id":"p","name":[{"family":" """), .. bytes, .. Encoding.UTF8.GetBytes(""" "}]}""")]);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(Good));
        yield return ("UTF-16 with mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)]);
        yield return ("UTF-32", Encoding.UTF32.GetBytes(Good));
        yield return ("zeros", new byte[1000]);
    }

    private static IEnumerable<(string, byte[])> WrongValues()
    {
        string[] wrong = ["null", "{}", "[]", "[[]]", "[null]", "-1.5e999", "\"\"", "\" \"", "{\"x\":1}"];
        foreach (var element in (string[])["active", "gender", "birthDate", "multipleBirthInteger"])
            foreach (var value in wrong)
                yield return Of($"{element} {value}", $$"""{"resourceType":"Patient","id":"p","{{element}}":{{value}}}""");
        foreach (var (element, value) in new[]
        {
            ("active", "\"true\""), ("active", "1"), ("gender", "\"none-of-these\""), ("gender", "\"Female\""), ("gender", "\"fe male \""), ("birthDate", "\"1980-13-01\""), ("birthDate", "\"1980-02-30\""), ("birthDate", "\"01/02/1980\""),
            ("birthDate", "\"1980-01-01T00:00:00Z\""), ("birthDate", "19800101"), ("multipleBirthInteger", "1.5"), ("multipleBirthInteger", "\"2\""), ("multipleBirthInteger", "99999999999"), ("deceasedDateTime", "\"2020-01-01T25:00:00Z\""),
            ("deceasedDateTime", "\"2020-01-01T10:00:00\""), ("id", "\"a_b\""), ("id", "\"" + new string('a', 65) + "\""), ("language", "true"), ("implicitRules", "\"a b\""), ("name", "\"Smith\""), ("name", "{\"family\":\"x\"}"), ("name", "[\"x\"]"),
            ("name", "[{\"family\":[\"x\"]}]"), ("name", "[{\"given\":\"x\"}]"), ("name", "[{\"use\":\"nickname2\"}]"), ("contact", "[{\"nonsense\":1}]"), ("contact", "[{\"telecom\":{}}]"), ("managingOrganization", "[{}]"), ("photo", "[{\"data\":\"***\"}]"),
            ("meta", "[]"), ("meta", "{\"lastUpdated\":\"today\"}"), ("text", "{\"div\":\"<div/>\"}"), ("extension", "[{\"valueString\":\"x\"}]"), ("extension", "[{\"url\":\"u\",\"valueString\":\"a\",\"valueCode\":\"b\"}]"), ("extension", "[{\"url\":\"u\",\"valueNonsense\":1}]"),
        })
            yield return Of($"{element} {value}", $$"""{"resourceType":"Patient","{{element}}":{{value}}{{(element == "id" ? "" : ",\"id\":\"p\"")}}}""");
    }

    private static IEnumerable<(string, byte[])> WrongShapes()
    {
        foreach (var name in (string[])["nonsense", "Active", "deceased", "deceased[x]", "multipleBirth", "valueString", "_resourceType", "fhir_comments", "Patient", "$", " id", "id "])
            yield return Of($"unknown {name}", $$"""{"resourceType":"Patient","id":"p",{{JsonSerializer.Serialize(name)}}:"x"}""");
        yield return Of("two of a choice", """{"resourceType":"Patient","id":"p","deceasedBoolean":true,"deceasedDateTime":"2020-01-01"}""");
        yield return Of("a twin of nothing", """{"resourceType":"Patient","id":"p","_birthDate":"x"}""");
        yield return Of("missing what is required", """{"resourceType":"Patient","id":"p","link":[{"type":"refer"}]}""");
        yield return Of("a contained of no type", """{"resourceType":"Patient","id":"p","contained":[{"id":"x"}]}""");
        yield return Of("another type", """{"resourceType":"Observation","id":"p","status":"final","code":{"text":"x"}}""");
        yield return Of("another id", """{"resourceType":"Patient","id":"q"}""");
        yield return Of("no id", """{"resourceType":"Patient"}""");
    }

    private static IEnumerable<(string, byte[])> Deep()
    {
        foreach (var depth in (int[])[65, 1000, 100_000])
        {
            yield return Of($"{depth} arrays", new string('[', depth) + new string(']', depth));
            yield return Of($"{depth} open arrays", new string('[', depth));
            yield return Of($"{depth} objects", string.Concat(Enumerable.Repeat("{\"extension\":", depth)) + "1" + new string('}', depth));
            yield return Of($"{depth} extensions", """{"resourceType":"Patient","id":"p",""" + string.Concat(Enumerable.Repeat("\"extension\":[{\"url\":\"u\",", depth)) + "\"id\":\"x\"" + string.Concat(Enumerable.Repeat("}]", depth)) + "}");
        }
    }

    private static IEnumerable<(string, byte[])> Large()
    {
        yield return Of("over the limit", $$"""{"resourceType":"Patient","id":"p","name":[{"text":"{{new string('x', 5 << 20)}}"}]}""");
        yield return ("over the limit, spaces", Encoding.UTF8.GetBytes(new string(' ', 5 << 20)));
    }
}
