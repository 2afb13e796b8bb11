using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Personalize.App;

/// <summary>The pages that people see: the practice page and the clinician app.</summary>
public static class AppPages
{
    /// <summary>Adds what the pages need. The host adds an <see cref="IPractice"/> of its own.</summary>
    public static IServiceCollection Add(IServiceCollection services, AppOptions options) =>
        services.AddSingleton(options);

    /// <summary>Puts the pages in their places: <c>/practice</c> and <c>/app</c>.</summary>
    public static WebApplication Map(WebApplication app) => app;
}
