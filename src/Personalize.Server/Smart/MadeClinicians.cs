using Personalize.App;

namespace Personalize.Server.Smart;

/// <summary>The clinicians of the demonstration, who are in the sample practice too. They exist only where nothing but loopback is bound.</summary>
internal static class MadeClinicians
{
    /// <summary>All three; none when the server may be reached from elsewhere.</summary>
    public static IReadOnlyList<PracticeUser> Of(LaunchSettings settings) => !settings.StaysLocal ? [] :
    [
        new PracticeUser("dr-amara-okafor", "Dr. Amara Okafor", "Family physician"),
        new PracticeUser("dr-lena-fischer", "Dr. Lena Fischer", "Internist"),
        new PracticeUser("np-luis-ortega", "Luis Ortega, NP", "Nurse practitioner"),
    ];
}
