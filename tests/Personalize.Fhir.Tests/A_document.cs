using System.Text;
using Personalize.Fhir.Json;

namespace Personalize.Fhir.Tests;

public sealed class A_document
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.10", "-0.10")]
    [InlineData("1.50e+3", "1.50e+3")]
    [InlineData("123456789012345678901234567890.123", "123456789012345678901234567890.123")]
    [InlineData("true", "true")]
    [InlineData("\"\"", "")]
    [InlineData("\"a\\u0062\\n\\/\\\\\\\"\"", "ab\n/\\\"")]
    [InlineData("\"\\ud83d\\ude00 é\"", "😀 é")]
    public void Keeps_a_scalar_as_it_is_written(string json, string text) => Assert.Equal(text, Read(json).Root.Text);

    [Fact]
    public void May_be_nested_64_levels_deep() => Assert.Equal(64, Read(new string('[', 64) + new string(']', 64)).Count);

    [Fact]
    public void Lets_the_same_key_stand_in_different_objects() => Assert.Equal("2", Read("{\"a\":{\"a\":1},\"b\":{\"a\":2}}").Root["b"]["a"].Text);

    [Fact]
    public void Tells_the_line_and_column_of_every_value()
    {
        var tree = Read("{\n  \"a\": [1,\n \"x\"]}");
        var items = tree.Root["a"].Items.ToList();
        Assert.Equal((2, 8), tree.Position(tree.Root["a"].Node));
        Assert.Equal((2, 9), tree.Position(items[0].Node));
        Assert.Equal((3, 2), tree.Position(items[1].Node));
    }

    [Fact]
    public void Gives_nothing_for_what_is_not_there()
    {
        var nothing = Read("{\"a\":1}").Root["b"]["c"];
        Assert.False(nothing.Exists);
        Assert.Null(nothing.Text);
        Assert.Empty(nothing.Items);
    }

    [Fact]
    public void Numbers_only_the_names_that_were_given_before_it_was_read()
    {
        var names = JsonNames.Of(["short", "a-name-that-is-longer-than-sixteen", "b-name-that-is-longer-than-sixteen"]);
        JsonTree.Parse("{\"stranger\":1,\"short\":2}"u8.ToArray(), names);
        Assert.Equal(4, names.Count);
        Assert.Equal(JsonNames.Unknown, names.Id("stranger"));
        Assert.Equal(names.Id("b-name-that-is-longer-than-sixteen"), names.Find("b-name-that-is-longer-than-sixteen"u8));
        Assert.Equal(JsonNames.Unknown, names.Find("c-name-that-is-longer-than-sixteen"u8));
    }

    private static JsonTree Read(string json) => JsonTree.Parse(Encoding.UTF8.GetBytes(json)).Value;
}
