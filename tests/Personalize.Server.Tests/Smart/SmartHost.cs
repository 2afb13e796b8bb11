using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Personalize.App;

namespace Personalize.Server.Tests.Smart;

/// <summary>The real host in the demonstration's settings on a free port of loopback, with a clock that can be moved on.</summary>
public sealed class SmartHost : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-clinic-app-0123456789";
    public const string ClinicApp = "clinic-app";
    public const string ClinicPage = "clinic-page";
    public const string ClinicOrigin = "https://page.example.org";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _heard;
    private readonly TempFolder _folder;

    private SmartHost(WebApplication app, TempFolder folder, Uri address, MovingClock clock)
    {
        (_app, _folder, Address, Clock) = (app, folder, address, clock);
        var ear = new Ear();
        _heard = ear.Heard;
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(ear);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
    }

    public Uri Address { get; }

    public string Fhir => new Uri(Address, "/fhir").AbsoluteUri;

    public HttpClient Http { get; }

    public MovingClock Clock { get; }

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public IServiceProvider Services => _app.Services;

    public static async Task<SmartHost> Start()
    {
        var folder = new TempFolder();
        var secret = folder.At("secret");
        await File.WriteAllTextAsync(secret, Secret, TestContext.Current.CancellationToken);
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        var clock = new MovingClock();
        var settings = new LaunchSettings
        {
            Name = "test",
            Urls = address.AbsoluteUri,
            Data = folder.Path,
            MadeClinicians = true,
            Clients =
            [
                new ClientSettings { Id = ClinicApp, RedirectUris = ["http://127.0.0.1:5000/back"], Scopes = "launch openid fhirUser online_access patient/*.rs user/Observation.rs", SecretFile = secret },
                new ClientSettings { Id = ClinicPage, RedirectUris = [ClinicOrigin + "/back"], Scopes = "launch openid fhirUser offline_access patient/*.cruds user/*.cruds" },
            ],
        };
        var app = ServerHost.Build(settings, clock).Value;
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SmartHost(app, folder, address, clock);
    }

    /// <summary>A launch from a patient's chart, as the practice page makes one for whoever holds this cookie.</summary>
    public async Task<string> NewLaunch(string cookie, string patient)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookie;
        context.User = (await context.AuthenticateAsync("practice")).Principal!;
        return await Services.GetRequiredService<IPractice>().NewLaunch(context, patient, TestContext.Current.CancellationToken);
    }

    /// <summary>The practice page's own token for whoever holds this cookie.</summary>
    public async Task<string> PageToken(string cookie)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookie;
        context.User = (await context.AuthenticateAsync("practice")).Principal!;
        return await Services.GetRequiredService<IPractice>().AccessToken(context, TestContext.Current.CancellationToken);
    }

    /// <summary>Signs out whoever holds this cookie.</summary>
    public async Task SignOut(string cookie)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookie;
        context.User = (await context.AuthenticateAsync("practice")).Principal!;
        await Services.GetRequiredService<IPractice>().SignOut(context);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Ear : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Heard.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
