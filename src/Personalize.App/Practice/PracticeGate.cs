namespace Personalize.App.Practice;

/// <summary>Charts are for signed-in clinicians: anybody else is led to the practice page.</summary>
internal static class PracticeGate
{
    /// <summary>The signed-in clinician, or null and a redirect.</summary>
    public static PracticeUser? Pass(HttpContext context, IPractice practice)
    {
        var user = practice.Current(context);
        if (user is null)
            context.Response.Redirect("/practice");
        return user;
    }
}
