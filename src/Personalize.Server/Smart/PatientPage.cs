using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Search;
using Personalize.Store;

namespace Personalize.Server.Smart;

/// <summary>The page on which a clinician chooses the patient for a client that starts outside a chart and asks for <c>launch/patient</c>.</summary>
/// <remarks>Source: SMART App Launch 2.2, "Standalone launch". The choice goes back to the waiting request as a launch handle, good once.</remarks>
internal static class PatientPage
{
    /// <summary>The parameter in which the choice goes back.</summary>
    public const string Choice = "picked";

    private const int Most = 25;

    /// <summary>Shows patients by name.</summary>
    public static async Task<IResult> Show(HttpContext http, Practice practice, [FromServices] IResourceStore store, [FromQuery(Name = "return")] string? back, string? name)
    {
        if (practice.Session(http) is not { } session || AuthPage.Waiting(back) is null)
            return Results.Redirect(SmartAddresses.SignInPath + new QueryBuilder { { "return", back ?? "" } });
        var found = await Find(store, session, name, http.RequestAborted);
        return AuthPage.Of(practice.Name, "Choose a patient", SearchForm(back, name) + (found.Count == 0
            ? "<p role=\"status\">Nobody of that name is on file.</p>"
            : $"<form method=\"post\" action=\"{SmartAddresses.PatientPath}\">{AuthPage.WaitingField(back)}{string.Concat(found.Select(Button))}</form>"));
    }

    /// <summary>Takes the choice and goes back to where the client's request waits.</summary>
    public static async Task<IResult> Choose(HttpContext http, Practice practice, SmartAddresses addresses)
    {
        if (AuthPage.IsForeign(http.Request, addresses))
            return Results.Problem("The form was not sent by this server's own page.", statusCode: StatusCodes.Status403Forbidden);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (practice.Session(http) is null || AuthPage.Waiting(form["return"]) is not { } waiting)
            return Results.Problem("No client's request waits for a patient.", statusCode: StatusCodes.Status400BadRequest);
        var handle = await practice.NewLaunch(http, form["patient"].ToString(), http.RequestAborted);
        return AuthPage.GoOn(http.Response, $"{waiting}&{Choice}={handle}");
    }

    private static async Task<IReadOnlyList<Resource>> Find(IResourceStore store, PracticeSession session, string? name, CancellationToken ct)
    {
        var access = ScopeAccess.Of($"Practitioner/{session.User.Id}", Scopes.Parse("user/Patient.rs").Value, null);
        List<KeyValuePair<string, string>> asked = [new("_sort", "family"), new("_count", $"{Most}")];
        if (!string.IsNullOrWhiteSpace(name))
            asked.Add(new("name", name.Trim().Replace(",", "\\,", StringComparison.Ordinal)));
        // A name that cannot be searched for is nobody's.
        return SearchQuery.Parse("Patient", asked, store.Catalog, lenient: false).TryGet(out var query, out _)
            && (await store.Search(access, query, null, ct)).TryGet(out var page, out _)
            ? [.. page.Matches.Select(match => Resource.Parse(match.Json)).Where(read => read.Failure is null).Select(read => read.Value)]
            : [];
    }

    private static string SearchForm(string? back, string? name) =>
        $"<p>An app asks for the record of one patient. Choose whose.</p><form method=\"get\" action=\"{SmartAddresses.PatientPath}\" class=\"mb-3\">{AuthPage.WaitingField(back)}"
        + $"<label class=\"form-label\" for=\"name\">Name</label> <input class=\"form-control mb-2\" id=\"name\" name=\"name\" value=\"{AuthPage.Encode(name ?? "")}\">"
        + "<button class=\"btn btn-secondary\">Search</button></form>";

    private static string Button(Resource patient) => patient.Id is not { } id ? "" :
        $"<button class=\"btn btn-outline-primary d-block w-100 mb-2 text-start\" name=\"patient\" value=\"{id}\">{AuthPage.Encode(Described(patient.Root))}</button>";

    private static string Described(Element patient) =>
        string.Join(", ", new[] { NameOf(patient), patient.Child("birthDate")?.Text, patient.Child("gender")?.Text }.Where(part => !string.IsNullOrEmpty(part)));

    private static string NameOf(Element patient)
    {
        if (patient.Child("name") is not { } name)
            return "(no name)";
        var given = new List<string>();
        foreach (var part in name.Children("given"))
            given.Add(part.Text ?? "");
        return name.Child("text")?.Text ?? string.Join(' ', [.. given, name.Child("family")?.Text ?? ""]);
    }
}
