using System.Collections.Immutable;
using Personalize.Server.Flow;
using Personalize.Server.Rest;
using Personalize.Store;

namespace Personalize.Server;

/// <summary>The flow and what REST offers of it, put together.</summary>
public sealed class FlowParts
{
    private readonly Func<IServiceProvider, Personalizer> _personalizer;

    /// <summary>Over a store.</summary>
    /// <param name="store">Where the records are.</param>
    /// <param name="intake">The one way in.</param>
    /// <param name="program">What comes with the program.</param>
    /// <param name="terms">What callers may know of codes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="zone">The practice's time zone.</param>
    public FlowParts(IResourceStore store, Intake intake, ProgramDefinitions program, KnownTerms terms, TimeProvider time, TimeZoneInfo zone)
    {
        var (knowledge, nights) = (new StoredKnowledge(store), new Nights(zone));
        DateTimeOffset Now() => nights.Local(time.GetUtcNow());
        var definitions = new StoredDefinitions(store, program, terms, Now);
        var groups = new Groups(store, knowledge, Now);
        Operations = [WhyOperation.Of(new Why(store, knowledge, Now)), GroupMembers.Of(groups), FhirPathOperation.Of(definitions, Now), .. ValidateOperation.Of(store, definitions), .. TerminologyOperations.Of(terms, store, Now)];
        Composed = [ComposedGroups.Of(groups, store)];
        _personalizer = services => new Personalizer(store, intake, program.Content, knowledge, time, nights, services.GetRequiredService<ILogger<Personalizer>>());
    }

    /// <summary><c>Patient/$why</c>, <c>Group/$members</c>, <c>$fhirpath</c>, <c>$validate</c>, and those on code systems and value sets.</summary>
    public ImmutableArray<Operation> Operations { get; }

    /// <summary>The Groups of members.</summary>
    public ImmutableArray<ComposedResources> Composed { get; }

    /// <summary>Lets the host run the flow from before the first request on.</summary>
    public void Add(IServiceCollection services) =>
        services.AddSingleton(_personalizer).AddHostedService(provider => provider.GetRequiredService<Personalizer>());
}
