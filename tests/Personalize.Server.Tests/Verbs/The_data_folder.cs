using Personalize.Fhir.Primitives;

namespace Personalize.Server.Tests.Verbs;

public sealed class The_data_folder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    public async Task That_others_may_look_into_is_refused_with_what_mends_it(UnixFileMode more)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists.");
        var data = _folder.Private("data");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(data, Owner | UnixFileMode.UserExecute | more);
        var refused = Assert.IsType<Failure.Conflict>(StoreRoom.Open(new LaunchSettings { Data = data }, TimeProvider.System).Failure);
        Assert.Contains($"chmod 700 '{data}'", refused.Issues[0].Text, StringComparison.Ordinal);
        var (code, text) = await VerbRun.ToEnd("serve", "--launch", "open", "--data", data, "--urls", "http://127.0.0.1:0");
        Assert.True(code == 3 && text.Contains("chmod 700", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task Is_made_for_its_owner_alone_and_so_are_the_secrets_in_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists.");
        var data = _folder.At("made");
        await using var server = await RunningServer.Start(s => s with { Data = data, Authorization = AuthorizationMode.Embedded, Urls = $"http://127.0.0.1:{Loopback.FreePort()}" });
        using var keys = await server.Http.GetAsync(new Uri(server.Address, "/auth/jwks"), TestContext.Current.CancellationToken); // they are made when they are asked for
        Assert.True(keys.IsSuccessStatusCode);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(data, "keys")));
        var secrets = Directory.GetFiles(Path.Combine(data, "keys")).Append(Path.Combine(data, "page.key")).ToList();
        Assert.True(secrets.Count >= 3);
        foreach (var file in secrets)
            Assert.Equal((file, Owner), (file, File.GetUnixFileMode(file)));
    }
}
