using System.Text;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Json;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.Tests;

public sealed class A_malformed_document
{
    // What is wrong, the bytes, and the line and column at which it is wrong.
    private static readonly (string What, string Json, int Line, int Column)[] Cases =
    [
        ("nothing", "", 1, 1),
        ("only space", " \n ", 2, 2),
        ("a byte order mark", "\uFEFF{}", 1, 1),
        ("a word", "Patient", 1, 1),
        ("a literal with a capital", "{\"a\":True}", 1, 6),
        ("a literal cut short", "{\"a\":tru}", 1, 6),
        ("a literal run on", "{\"a\":truex}", 1, 10),
        ("null run on", "[nullnull]", 1, 6),
        ("NaN", "{\"a\":NaN}", 1, 6),
        ("Infinity", "{\"a\":-Infinity}", 1, 7),
        ("a string in single quotes", "{'a':1}", 1, 2),
        ("a key without quotes", "{a:1}", 1, 2),
        ("a number as key", "{1:1}", 1, 2),
        ("a key without a colon", "{\"a\" 1}", 1, 6),
        ("a key without a value", "{\"a\":}", 1, 6),
        ("two colons", "{\"a\"::1}", 1, 6),
        ("a comma before the first member", "{,\"a\":1}", 1, 2),
        ("a comma behind the last member", "{\"a\":1,}", 1, 8),
        ("two commas between members", "{\"a\":1,,\"b\":2}", 1, 8),
        ("no comma between members", "{\"a\":1 \"b\":2}", 1, 8),
        ("a comma before the first item", "[,1]", 1, 2),
        ("a comma behind the last item", "[1,]", 1, 4),
        ("no comma between items", "[1 2]", 1, 4),
        ("a brace that closes an array", "[1}", 1, 3),
        ("a bracket that closes an object", "{\"a\":1]", 1, 7),
        ("an object without end", "{\"a\":1", 1, 7),
        ("an array without end", "[1,2", 1, 5),
        ("a string without end", "{\"a\":\"x}", 1, 6),
        ("a key without end", "{\"a:1}", 1, 2),
        ("a closing brace too many", "{}}", 1, 3),
        ("something behind the end", "{} x", 1, 4),
        ("two documents", "{}\n{}", 2, 1),
        ("a comment", "{/* x */}", 1, 2),
        ("a comment behind the end", "{} // x", 1, 4),
        ("a plus sign", "[+1]", 1, 2),
        ("a minus sign alone", "[-]", 1, 3),
        ("a leading zero", "[01]", 1, 2),
        ("a leading zero behind the sign", "[-01]", 1, 2),
        ("no digit before the point", "[.5]", 1, 2),
        ("no digit behind the point", "[1.]", 1, 4),
        ("two points", "[1.2.3]", 1, 5),
        ("no digit in the exponent", "[1e]", 1, 4),
        ("a sign alone in the exponent", "[1e+]", 1, 5),
        ("a hexadecimal number", "[0x1]", 1, 3),
        ("a number with a letter", "[1a]", 1, 3),
        ("a thousands separator", "[1_000]", 1, 3),
        ("an escape that JSON has not", "[\"\\x41\"]", 1, 3),
        ("an escaped single quote", "[\"\\'\"]", 1, 3),
        ("an escape cut short", "[\"\\u12\"]", 1, 3),
        ("an escape with a wrong digit", "[\"\\u12g4\"]", 1, 3),
        ("a high surrogate alone", "[\"\\ud83d\"]", 1, 3),
        ("a low surrogate alone", "[\"\\ude00\"]", 1, 3),
        ("a high surrogate before a letter", "[\"\\ud83dx\"]", 1, 3),
        ("two high surrogates", "[\"\\ud83d\\ud83d\"]", 1, 3),
        ("a tab in a string", "[\"a\tb\"]", 1, 4),
        ("a line break in a string", "[\"a\nb\"]", 1, 4),
        ("a zero byte in a string", "[\"a\0b\"]", 1, 4),
        ("a zero byte between tokens", "[1,\0 2]", 1, 4),
        ("a form feed between tokens", "[1,\f2]", 1, 4),
        ("a no-break space between tokens", "[1,\u00a02]", 1, 4),
        ("the same key twice", "{\"a\":1,\n \"a\":2}", 2, 2),
        ("the same key twice, once escaped", "{\"a\":1,\"\\u0061\":2}", 1, 8),
        ("the same key twice, deep inside", "{\"a\":[{\"b\":{\"c\":1,\"d\":2,\"c\":3}}]}", 1, 25),
        ("the same key twice among many", "{" + string.Concat(Enumerable.Range(0, 20).Select(i => $"\"k{i}\":{i},")) + "\"k7\":0}", 1, 162),
        ("a scalar twice", "1 2", 1, 3),
        ("65 levels", new string('[', 65) + new string(']', 65), 1, 65),
    ];

    // The same for the names that FHIR has, which are told apart by number.
    private static readonly (string What, string Json, int Line, int Column)[] FhirCases =
    [
        ("the same element twice", "{\"resourceType\":\"Patient\",\"id\":\"a\",\"name\":[{\"id\":\"b\"}],\"id\":\"c\"}", 1, 56),
        ("the same twin twice", "{\"resourceType\":\"Patient\",\"_birthDate\":{\"id\":\"b\"},\"_birthDate\":{\"id\":\"b\"}}", 1, 51),
        ("an element in the place of the resource", "[]", 1, 1),
        ("no resourceType", "{\"id\":\"a\"}", 1, 1),
        ("a resourceType that is no text", "{\"resourceType\":1}", 1, 17),
        ("an unknown resourceType", "{\"resourceType\":\"Unicorn\"}", 1, 17),
        ("a resourceType in lower case", "{\"resourceType\":\"patient\"}", 1, 17),
        ("an abstract resourceType", "{\"resourceType\":\"DomainResource\"}", 1, 17),
        ("a data type as resourceType", "{\"resourceType\":\"HumanName\"}", 1, 17),
    ];

    public static TheoryData<string, string, int, int> Json => [.. Cases.Select(c => new TheoryDataRow<string, string, int, int>(c.What, c.Json, c.Line, c.Column))];

    public static TheoryData<string, string, int, int> Fhir => [.. FhirCases.Select(c => new TheoryDataRow<string, string, int, int>(c.What, c.Json, c.Line, c.Column))];

    [Theory]
    [MemberData(nameof(Json))]
    public void Is_refused_with_its_place(string what, string json, int line, int column) =>
        Refused(what, JsonTree.Parse(Encoding.UTF8.GetBytes(json)).Failure, line, column);

    [Theory]
    [MemberData(nameof(Json))]
    [MemberData(nameof(Fhir))]
    public void Is_no_resource(string what, string json, int line, int column) =>
        Refused(what, Resource.Parse(Encoding.UTF8.GetBytes(json)).Failure, line, column);

    [Theory]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    public void Is_refused_when_its_bytes_are_no_UTF_8(byte[] bad)
    {
        byte[] json = [.. "{\"resourceType\":\"Patient\",\n\"id\":\""u8, .. bad, .. "\"}"u8];
        Refused("bad UTF-8", Resource.Parse(json).Failure, 2, 7);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"extension\":[{\"a\":")]
    public void Is_refused_at_the_first_level_too_many_when_it_is_100000_levels_deep(string step)
    {
        var json = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(step, 100_000)));
        var failure = Assert.IsType<Failure.Invalid>(JsonTree.Parse(json).Failure);
        Assert.InRange(Assert.Single(failure.Issues).Column, 1, 200 * step.Length);
    }

    [Fact]
    public void Is_refused_when_it_has_100000_unknown_keys_and_one_twice()
    {
        var keys = string.Join(',', Enumerable.Range(0, 100_000).Append(99_999).Select(i => $"\"key-{i}\":0"));
        Assert.IsType<Failure.Invalid>(Resource.Parse(Encoding.UTF8.GetBytes("{" + keys + "}")).Failure);
    }

    [Fact]
    public void Is_described_without_a_word_of_its_content()
    {
        foreach (var (_, json, _, _) in Cases)
            if (JsonTree.Parse(Encoding.UTF8.GetBytes(json.Replace("\"a", "\"Secret", StringComparison.Ordinal))).Failure is { } failure)
                Assert.DoesNotContain("Secret", failure.Issues[0].Text, StringComparison.Ordinal);
    }

    private static void Refused(string what, Failure? failure, int line, int column)
    {
        var invalid = Assert.IsType<Failure.Invalid>(failure);
        var issue = Assert.Single(invalid.Issues);
        Assert.True((line, column) == (issue.Line, issue.Column), $"{what}: expected {line}:{column}, found {issue.Line}:{issue.Column} ({issue.Text})");
    }
}
