using Hl7.Fhir.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Personalize.App.Fhir;
using Personalize.App.Launch;
using Personalize.App.Texts;
using FhirTask = Hl7.Fhir.Model.Task;

namespace Personalize.App.Clinician;

/// <summary>What the clinician's forms do: each writes FHIR, leaves a word on what was saved, and goes back to its page.</summary>
internal static class ClinicianForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("/app/s/{launch}");
        forms.MapPost("suggestions/{task}", Answer);
        forms.MapPost("preferences", StateWish);
        forms.MapPost("languages", SetLanguages);
    }

    /// <summary>What every form carries: whose chart it stood in, and the page to go back to.</summary>
    internal sealed record Start([FromForm(Name = "patient")] string? Patient, [FromForm(Name = "from")] string? From);

    private static async Task<IResult> Answer(
        HttpContext context, string task, PageLanguage language, AppOptions options, TimeProvider time, [AsParameters] Start start,
        [FromForm] string? answer, [FromForm] string? version, [FromForm] string? date, [FromForm] string? reason, [FromForm] string? note)
    {
        var form = await Begin(context, language, options, time, start);
        if (form.Patient is null)
            return form.Back();
        var said = TaskAnswer.Read(answer, date, reason, note, form.Today);
        if (said is null)
            return form.Back(false, form.Words.FormUnclear);
        var read = await form.Launch.Client.Read<FhirTask>(task, context.RequestAborted);
        if (read.Trouble is { } trouble)
            return form.Back(trouble);
        if (read.Value!.For?.Reference != $"Patient/{form.Launch.Patient}" || !read.Whole)
            return form.Back(Trouble.Refused);
        if (read.Value.Meta?.VersionId != version)
            return form.Back(Trouble.Changed);
        return await Save(form, read.Value, said, context.RequestAborted);
    }

    private static async Task<IResult> Save(Form form, FhirTask task, TaskAnswer said, CancellationToken cancellation)
    {
        said.Apply(task, form.Launch.User, form.Now);
        var saved = await form.Launch.Client.Update(task, cancellation);
        if (saved.Trouble is { } trouble)
            return form.Back(trouble);
        var words = form.Words;
        var (text, day) = said switch
        {
            TaskAnswer.Accept => (words.SavedAccept, null),
            TaskAnswer.Defer later => (words.SavedDefer, Shown.Day(later.Until, words)),
            TaskAnswer.Dismiss => (words.SavedDismiss, null),
            TaskAnswer.DoneElsewhere done => (words.SavedDone, Shown.Day(done.On, words)),
            _ => (words.SavedUndo, (string?)null),
        };
        var notice = new Notice(true, words.Say(text, form.Name, task.Code?.Text ?? task.Description, day));
        form.Launch.Say(said is TaskAnswer.Undo ? notice : notice with { UndoTask = task.Id, UndoVersion = saved.Value!.Meta?.VersionId });
        return form.Back();
    }

    private static async Task<IResult> StateWish(
        HttpContext context, PageLanguage language, AppOptions options, TimeProvider time, [AsParameters] Start start,
        [FromForm] string? kind, [FromForm] string? topic, [FromForm] string? first, [FromForm] string? second, [FromForm] string? third)
    {
        var form = await Begin(context, language, options, time, start);
        if (form.Patient is null)
            return form.Back();
        string[] choices = [.. new[] { first, second, third }.OfType<string>().Where(c => c.Length > 0).Distinct(StringComparer.Ordinal)];
        var about = string.IsNullOrEmpty(topic) ? null : topic;
        var known = Wishes.Kind(kind) is { } kinds && choices.Length > 0 && choices[0] == first && choices.All(kinds.Codes.Contains);
        if (!known || (about is not null && (kind != "channel" || !Wishes.Topics.Contains(about))))
            return form.Back(false, form.Words.FormUnclear);
        var wish = Wishes.State(kind!, about, choices, form.Launch.Patient, form.Launch.User, form.Now);
        if ((await form.Launch.Client.Create(wish, context.RequestAborted)).Trouble is { } trouble)
            return form.Back(trouble);
        return form.Back(true, form.Words.SavedWish, string.Join(", ", choices.Select(c => form.Words.Codes[c])));
    }

    private static async Task<IResult> SetLanguages(
        HttpContext context, PageLanguage language, AppOptions options, TimeProvider time, [AsParameters] Start start,
        [FromForm] string? spoken, [FromForm] string? written, [FromForm] string? interpreter, [FromForm] string? version)
    {
        var form = await Begin(context, language, options, time, start);
        if (form.Patient is not { } patient)
            return form.Back();
        if (!IsLanguage(spoken) || !IsLanguage(written) || interpreter is not (null or "" or "needed" or "not-needed"))
            return form.Back(false, form.Words.FormUnclear);
        if (!form.PatientIsWhole)
            return form.Back(Trouble.Refused);
        // The version that the page showed, not the one that was just read: what changed in between must be looked at first.
        (patient.Meta ??= new Meta()).VersionId = version;
        Wishes.SetLanguages(patient, spoken!, written!, interpreter switch { "needed" => true, "not-needed" => false, _ => null });
        if ((await form.Launch.Client.Update(patient, context.RequestAborted)).Trouble is { } trouble)
            return form.Back(trouble);
        string NameOf(string code) => form.Words.LanguageName(code) ?? code;
        return form.Back(true, form.Words.SavedLanguages, NameOf(spoken!), NameOf(written!));
    }

    private static bool IsLanguage(string? tag) => tag is { Length: >= 2 and <= 35 } && tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // Reads the patient first: every word on what was saved bears the name, and nothing is written into a chart that cannot be read.
    private static async Task<Form> Begin(HttpContext context, PageLanguage language, AppOptions options, TimeProvider time, Start start)
    {
        var launch = context.Launch();
        var read = await launch.Client.Read<Patient>(launch.Patient, context.RequestAborted);
        var form = new Form(launch, language.Words, TimeZoneInfo.ConvertTime(time.GetUtcNow(), options.TimeZone), start.From, read);
        if (form.Patient is not null && start.Patient != launch.Patient)
        {
            launch.Say(new Notice(false, form.Words.Say(form.Words.FormOtherPatient, form.Name)));
            return form with { Read = Trouble.Refused };
        }
        return form;
    }

    private sealed record Form(LaunchSession Launch, Words Words, DateTimeOffset Now, string? From, Answer<Patient> Read)
    {
        public Patient? Patient => Read.Value;

        public bool PatientIsWhole => Read.Whole;

        public string Name => Patient is null ? "" : Shown.Name(Patient);

        public DateOnly Today => DateOnly.FromDateTime(Now.DateTime);

        public SeeOther Back(bool good, string text, params object?[] values)
        {
            Launch.Say(new Notice(good, Words.Say(text, [Name, .. values])));
            return Back();
        }

        public SeeOther Back(Trouble trouble) => Back(false, trouble switch
        {
            Trouble.Changed or Trouble.Missing => Words.FormChanged,
            Trouble.Unreachable or Trouble.Unreadable => Words.FormUnreachable,
            _ => Words.FormRefused,
        });

        // 303: the page is fetched anew, so that a reload does not post again.
        public SeeOther Back() => new($"/app/s/{Launch.Id}/" + (From == "suggestions" ? From : ""));
    }

    private sealed class SeeOther(string address) : IResult
    {
        public System.Threading.Tasks.Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return System.Threading.Tasks.Task.CompletedTask;
        }
    }
}
