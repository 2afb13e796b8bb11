namespace Personalize.App.Texts;

/// <summary>What a page can say instead of what was asked for.</summary>
public enum Problem
{
    /// <summary>The app was opened by itself, not out of a chart.</summary>
    NotLaunched,
    /// <summary>The EHR that launches is not registered.</summary>
    UnknownEhr,
    /// <summary>The EHR does not answer, or not as SMART asks.</summary>
    EhrSilent,
    /// <summary>The EHR does not allow it, or what it sent does not hold.</summary>
    EhrRefused,
    /// <summary>The launch names no patient.</summary>
    NoPatient,
    /// <summary>Too many launches are under way.</summary>
    Busy,
    /// <summary>The browser keeps no cookie in this frame; a new window helps.</summary>
    NoCookie,
    /// <summary>The browser sent no cookie with a launch's page.</summary>
    NoCookieHere,
    /// <summary>The launch has ended, or belongs to another browser.</summary>
    Relaunch,
    /// <summary>A form came from another site, or without its token.</summary>
    ForeignForm,
    /// <summary>There is no such page.</summary>
    NoPage,
    /// <summary>A fault of ours.</summary>
    Fault,
}
