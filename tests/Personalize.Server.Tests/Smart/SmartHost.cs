using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
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

    private readonly RunningServer _server;
    private readonly ConcurrentQueue<string> _heard;

    private SmartHost(RunningServer server, MovingClock clock)
    {
        (_server, Clock) = (server, clock);
        var ear = new Ear();
        _heard = ear.Heard;
        Services.GetRequiredService<ILoggerFactory>().AddProvider(ear);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    public Uri Address => _server.Address;

    public string Fhir => new Uri(Address, "/fhir").AbsoluteUri;

    public HttpClient Http { get; }

    public MovingClock Clock { get; }

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public IServiceProvider Services => _server.Services;

    public static async Task<SmartHost> Start()
    {
        var clock = new MovingClock();
        return new SmartHost(await RunningServer.Start(Demonstration, clock), clock);
    }

    // What the server says of itself names its address: it must be known before it listens.
    private static LaunchSettings Demonstration(LaunchSettings plain)
    {
        var secret = Path.Combine(plain.Data, "secret");
        using (var file = OwnerOnly.New(secret))
            file.Write(System.Text.Encoding.ASCII.GetBytes(Secret));
        return plain with
        {
            Urls = $"http://127.0.0.1:{Loopback.FreePort()}",
            Authorization = AuthorizationMode.Embedded,
            MadeClinicians = true,
            Clients =
            [
                new ClientSettings { Id = ClinicApp, RedirectUris = ["http://127.0.0.1:5000/back"], Scopes = "launch openid fhirUser online_access patient/*.rs user/Observation.rs", SecretFile = secret },
                new ClientSettings { Id = ClinicPage, RedirectUris = [ClinicOrigin + "/back"], Scopes = "launch openid fhirUser offline_access patient/*.cruds user/*.cruds" },
            ],
        };
    }

    /// <summary>A launch from a patient's chart, as the practice page makes one for whoever holds this cookie.</summary>
    public Task<string> NewLaunch(string cookie, string patient) =>
        AtThePractice(cookie, async (practice, context) => await practice.NewLaunch(context, patient, TestContext.Current.CancellationToken));

    /// <summary>The practice page's own token for whoever holds this cookie.</summary>
    public Task<string> PageToken(string cookie) =>
        AtThePractice(cookie, async (practice, context) => await practice.AccessToken(context, TestContext.Current.CancellationToken));

    /// <summary>Signs out whoever holds this cookie.</summary>
    public Task SignOut(string cookie) => AtThePractice(cookie, async (practice, context) =>
    {
        await practice.SignOut(context);
        return "";
    });

    private async Task<string> AtThePractice(string cookie, Func<IPractice, HttpContext, Task<string>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookie;
        context.User = (await context.AuthenticateAsync("practice")).Principal!;
        return await act(Services.GetRequiredService<IPractice>(), context);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
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
