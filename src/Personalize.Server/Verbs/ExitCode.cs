namespace Personalize.Server.Verbs;

/// <summary>What the process answers to the shell.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Fine = 0;

    /// <summary>Some entries were refused (<c>load</c>), some resources could not be read or evaluated (<c>fhirpath</c>), or an unexpected fault.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the expression or the launch settings cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>The data folder is locked, the port is taken, or the server cannot be reached.</summary>
    public const int Unreachable = 3;
}
