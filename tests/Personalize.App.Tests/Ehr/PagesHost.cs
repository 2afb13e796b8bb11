using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Personalize.App.Tests.Ehr;

/// <summary>The pages on a real port, launched by a <see cref="SmallEhr"/> on the same one.</summary>
public sealed class PagesHost : IAsyncLifetime
{
    private WebApplication? _app;

    public SmallEhr Ehr { get; private set; } = new();

    public string Root { get; private set; } = "";

    public string FhirBase => Root + "/fhir";

    public async ValueTask InitializeAsync()
    {
        Root = $"http://localhost:{Loopback.FreePort()}";
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "personalize", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(Root);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IPractice>(new OnePractice(FhirBase));
        AppPages.Add(builder.Services, new AppOptions
        {
            Address = new Uri(Root),
            Ehrs = [new Personalize.App.Ehr(FhirBase, SmallEhr.ClientId, SmallEhr.Secret, ["https://ehr.example"])],
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        });
        _app = builder.Build();
        AppPages.Map(_app);
        Ehr.Map(_app, Root);
        Ehr = People.Fill(Ehr);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private sealed class OnePractice(string fhirBase) : IPractice
    {
        public string Name => "Test Practice";

        public Uri FhirBase => new(fhirBase);

        public IReadOnlyList<PracticeUser> Users => [new("dr-who", "Dr. Who", "Family physician")];

        public PracticeUser? Current(HttpContext context) => context.Request.Cookies.ContainsKey("signed-in") ? Users[0] : null;

        public Task SignIn(HttpContext context, string userId)
        {
            context.Response.Cookies.Append("signed-in", userId);
            return Task.CompletedTask;
        }

        public Task SignOut(HttpContext context)
        {
            context.Response.Cookies.Delete("signed-in");
            return Task.CompletedTask;
        }

        public ValueTask<string> AccessToken(HttpContext context, CancellationToken cancellation) => ValueTask.FromResult("practice");

        public ValueTask<string> NewLaunch(HttpContext context, string patientId, CancellationToken cancellation) => ValueTask.FromResult("launch-" + patientId);
    }
}
