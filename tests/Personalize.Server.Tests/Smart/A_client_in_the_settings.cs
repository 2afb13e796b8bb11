using Personalize.Fhir.Primitives;

namespace Personalize.Server.Tests.Smart;

public sealed class A_client_in_the_settings
{
    private static readonly ClientSettings _good = new() { Id = "clinic", RedirectUris = ["https://clinic.example.org/back"], Scopes = "launch openid patient/*.rs" };

    [Fact]
    public void Is_taken_as_it_stands() => Assert.Null(Check(_good));

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("personalize-app")]
    public void Is_refused_for_its_id(string id) => Assert.IsType<Failure.Invalid>(Check(_good with { Id = id }));

    [Theory]
    [InlineData("/back")]
    [InlineData("http://clinic.example.org/back")]
    [InlineData("https://clinic.example.org/back#here")]
    [InlineData("javascript:alert(1)")]
    public void Is_refused_for_where_its_answers_would_go(string uri) => Assert.IsType<Failure.Invalid>(Check(_good with { RedirectUris = [uri] }));

    [Fact]
    public void Is_refused_without_a_place_for_answers() => Assert.IsType<Failure.Invalid>(Check(_good with { RedirectUris = [] }));

    [Theory]
    [InlineData("")]
    [InlineData("system/*.rs")]
    [InlineData("launch nonsense")]
    public void Is_refused_for_scopes_that_nobody_gets(string scopes) => Assert.IsType<Failure.Invalid>(Check(_good with { Scopes = scopes }));

    [Fact]
    public void Is_refused_when_its_secret_is_not_there()
    {
        Assert.IsType<Failure.Invalid>(Check(_good with { SecretFile = "/nowhere/secret" }));
        Assert.IsType<Failure.Invalid>(Check(_good with { SecretVariable = "PERSONALIZE_TEST_NO_SUCH_SECRET" }));
    }

    [Fact]
    public void Is_refused_when_it_is_there_twice() => Assert.IsType<Failure.Invalid>(Check(_good, _good));

    private static Failure? Check(params ClientSettings[] clients) => new LaunchSettings { Name = "test", Clients = clients }.Checked().Failure;
}
