using Personalize.Fhir.Primitives;

namespace Personalize.Server.Tests;

public sealed class Launch_settings
{
    private static readonly string[] _here = [AppContext.BaseDirectory];

    [Theory]
    [InlineData("demo", AuthorizationMode.Embedded, true)]
    [InlineData("sqlite", AuthorizationMode.Embedded, false)]
    [InlineData("open", AuthorizationMode.None, false)]
    [InlineData("postgres", AuthorizationMode.Embedded, false)]
    public void Are_read_by_name(string name, AuthorizationMode authorization, bool samples)
    {
        var settings = LaunchSettings.Read(name, _here).Then(s => s.Checked()).Value;
        Assert.Equal((name, authorization, samples), (settings.Name, settings.Authorization, settings.Samples));
        Assert.True(Path.IsPathRooted(settings.Data));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("../demo")]
    [InlineData("")]
    public void Of_an_unknown_name_are_refused(string name) => Assert.NotNull(LaunchSettings.Read(name, _here).Failure);

    [Theory]
    [InlineData("""{ "url": "http://localhost:1" }""")]
    [InlineData("""{ "Urls": "http://localhost:1" }""")]
    [InlineData("""{ "authorization": "off" }""")]
    [InlineData("{")]
    public void That_cannot_be_understood_are_refused(string json)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("launch-settings"));
        File.WriteAllText(folder.At("launch-settings/own.json"), json);
        Assert.IsType<Failure.Invalid>(LaunchSettings.Read("own", [folder.Path]).Failure);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://192.168.1.7:8080")]
    [InlineData("http://localhost:8080;http://[::]:8080")]
    [InlineData("http://localhost.example.org:8080")]
    public void Without_authorization_stay_on_loopback(string urls)
    {
        Assert.IsType<Failure.Invalid>(new LaunchSettings { Name = "open", Authorization = AuthorizationMode.None, Urls = urls }.Checked().Failure);
        Assert.IsType<Failure.Invalid>(new LaunchSettings { Name = "demo", MadeClinicians = true, Urls = urls }.Checked().Failure);
        Assert.Null(new LaunchSettings { Name = "sqlite", Urls = urls }.Checked().Failure);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:9000; http://[::1]:9000")]
    public void Without_authorization_may_listen_on_loopback(string urls) =>
        Assert.Null(new LaunchSettings { Name = "open", Authorization = AuthorizationMode.None, Urls = urls }.Checked().Failure);

    [Theory]
    [InlineData("32MB", 33554432)]
    [InlineData("512 kb", 524288)]
    [InlineData("1000", 1000)]
    public void Understand_sizes(string text, long bytes) => Assert.Equal(bytes, new LaunchSettings { MaxBody = text }.Checked().Value.MaxBodyBytes);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("MB")]
    [InlineData("99GB")]
    public void Refuse_sizes_that_are_none(string text) => Assert.NotNull(new LaunchSettings { MaxBody = text }.Checked().Failure);
}
