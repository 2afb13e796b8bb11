namespace Personalize.App;

/// <summary>What the practice page needs of the server that it stands beside: who works here, who is signed in, and a launch as an EHR gives one.</summary>
public interface IPractice
{
    /// <summary>The practice's name, as it is shown in the page's head.</summary>
    string Name { get; }

    /// <summary>The FHIR base that the practice's pages read from and that a launch names as <c>iss</c>; no slash at the end.</summary>
    Uri FhirBase { get; }

    /// <summary>The clinicians that one can be.</summary>
    IReadOnlyList<PracticeUser> Users { get; }

    /// <summary>The clinician who is signed in with this browser, or null.</summary>
    PracticeUser? Current(HttpContext context);

    /// <summary>Signs this browser in as that clinician; the id must be one of <see cref="Users"/>.</summary>
    Task SignIn(HttpContext context, string userId);

    /// <summary>Signs this browser out.</summary>
    Task SignOut(HttpContext context);

    /// <summary>A short-lived token for reading as the signed-in clinician; empty where the server asks for none.</summary>
    ValueTask<string> AccessToken(HttpContext context, CancellationToken cancellation);

    /// <summary>An opaque launch handle for that patient, to be given to an app's launch address.</summary>
    ValueTask<string> NewLaunch(HttpContext context, string patientId, CancellationToken cancellation);
}

/// <summary>A clinician of the practice.</summary>
/// <param name="Id">The id of the Practitioner resource.</param>
/// <param name="Name">The name to show.</param>
/// <param name="Role">The role to show, such as "Family physician".</param>
public sealed record PracticeUser(string Id, string Name, string Role);
