using Microsoft.EntityFrameworkCore;
using Personalize.Fhir.Primitives;

namespace Personalize.Server.Smart;

/// <summary>The launches that the practice offers: each an opaque handle, good once, for a few minutes, in the session that made it.</summary>
internal sealed class Launches(AuthDb db, TimeProvider time)
{
    /// <summary>How long a handle is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>Makes a handle for a patient's chart.</summary>
    public async Task<string> Make(string session, ResourceId patient, CancellationToken ct)
    {
        var handle = Secrets.New();
        var until = time.GetUtcNow().Add(Life).ToUnixTimeSeconds();
        db.Launches.Add(new LaunchRow { Hash = Secrets.Hash(handle), Session = session, Patient = patient.ToString(), Until = until });
        await db.SaveChangesAsync(ct);
        return handle;
    }

    /// <summary>Takes a handle up; null when it was never made, is used up, is too old, or belongs to another session.</summary>
    public async Task<ResourceId?> Take(string handle, string session, CancellationToken ct)
    {
        var hash = Secrets.Hash(handle);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var row = await db.Launches.AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash && l.Session == session && l.Until > now, ct);
        // Whoever deletes the row has it: two requests at once cannot both.
        var taken = row is not null && await db.Launches.Where(l => l.Hash == hash).ExecuteDeleteAsync(ct) == 1;
        return taken && ResourceId.TryParse(row!.Patient, out var patient) ? patient : null;
    }
}
