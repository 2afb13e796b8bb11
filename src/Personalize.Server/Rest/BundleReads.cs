using System.Data.Common;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary>The reads of one bundle: together they take no longer than one request may, and one that fails is told in its entry, beside what the others did.</summary>
/// <param name="services">The interactions' services.</param>
internal sealed class BundleReads(RestServices services)
{
    private TimeSpan _left = services.LongestRead;

    /// <summary>As <see cref="Interactions.Answer(RestRequest, RestServices, CancellationToken)"/>. Fails with <see cref="Failure.TimedOut"/> when the reads before have taken all the time.</summary>
    public async ValueTask<Outcome<Answer>> Answer(RestRequest asked, CancellationToken ct)
    {
        if (!Interactions.OnlyReads(asked, services))
            return await Interactions.Answer(asked, services, ct);
        if (_left <= TimeSpan.Zero)
            return new Failure.TimedOut("The reads before it took all the time that the reads of one bundle have: ask for it again, by itself or with fewer others.");
        var begun = services.Clock.GetTimestamp();
        var outcome = await Interactions.Answer(asked, services, _left, ct);
        _left -= services.Clock.GetElapsedTime(begun);
        return outcome;
    }

    /// <summary>What an entry answers. Where the database breaks off while it is asked, that entry alone is told to come back, and where a content is damaged, that it cannot be read: what the others wrote is done.</summary>
    public async ValueTask<Answer> Told(Func<ValueTask<Answer>> entry)
    {
        try
        {
            return await entry();
        }
        catch (DbException fault)
        {
            services.Faulted(fault);
            return Http.Answer.Of(new Failure.Unavailable("The database cannot be asked now."));
        }
        catch (InvalidDataException fault)
        {
            services.Faulted(fault);
            return new Answer(StatusCodes.Status500InternalServerError) { IsOutcome = true, Body = [Outcomes.Json([new Issue(IssueSeverity.Fatal, "exception", "What is stored there is damaged.")])] };
        }
    }
}
